"""Every page that there is, judged in every way: seen, walked by keys, heard, read by a checker, without a script."""

import shutil
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.browser.judging import AXE, NU, Judges, Window

FACTS = [
    "has one heading", "names every control", "scrolls one way", "has few elements", "asks for little", "weighs little",
    "says nothing on the console", "stays where it is while it arrives", "is open to all", "shows the focus",
    "is walked by keys", "needs no script", "leads somewhere", "is valid",
]  # fmt: skip


pytestmark = pytest.mark.skipif(
    not (AXE.exists() and NU.exists() and shutil.which("java")), reason="there is no axe, Nu or Java"
)


@pytest.fixture(scope="module")
def judges(full, chromium, migrated, tmp_path_factory):
    """After they looked at everything."""
    judges = Judges()
    for person, paths in ((full.cookie, full.pages), (None, full.strangers)):
        window = Window(chromium, person)
        for path in filter(lambda path: is_page(full.server, path, person), paths):
            judges.look_at(window, full.server.url, path)
        window.page.context.close()
    judges.markup(tmp_path_factory.mktemp("served"))
    judges.offerings(lambda way: is_known(migrated, *way))
    return judges


def is_page(server, path, person):
    """Whether it is one: not a file, nor a way to another page."""
    cookie = {"Cookie": f"{person['name']}={person['value']}"} if person else {}
    try:
        answer = server.ask("GET", path, page=True, headers=cookie)
    except UnicodeDecodeError:
        return False  # a picture
    assert answer.status in (200, 301, 303, 404, 410, 422), (path, answer)
    return "Location" not in answer.headers and answer.headers.get("Content-Type", "").startswith("text/html")


def is_known(app, method, address):
    """Whether there is such an address."""
    try:
        app.url_map.bind("localhost").match(urlsplit(address).path, method)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


@pytest.mark.parametrize("fact", FACTS)
def test_every_page(judges, fact):
    assert judges.found[fact] == []
