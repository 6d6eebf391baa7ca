import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browser.forms import Forms
from tests.server.running import (
    PATIENCE,
    Person,
    Server,
    Site,
    ada,
    front_end,
    pytest_runtest_makereport,
    ready,
    server,
)

__all__ = ["ada", "front_end", "pytest_runtest_makereport", "server"]

sync_api = pytest.importorskip("playwright.sync_api")
sync_api.expect.set_options(timeout=PATIENCE * 1000)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP evil.test 127.0.0.1",
]  # fmt: skip

PAGE = {"Accept": "text/html"}
FORM = {**PAGE, "Content-Type": "application/x-www-form-urlencoded"}

# Whether keys go where a person would send them: scripts listen, and the autofocus, which comes with the first
# picture of the page and so perhaps after its load, has been given. It is given once: later the focus may go on.
SETTLED = """() => document.readyState === "complete" && (document.settled ||= document.activeElement !== document.body
  || ![...document.querySelectorAll("[autofocus]")].some((one) => one.checkVisibility()))"""


def settle(page: Any) -> None:
    """Wait until keys that are pressed reach what the page's own script and autofocus mean them for."""
    deadline = time.monotonic() + PATIENCE
    while not _is_settled(page):
        assert time.monotonic() < deadline, "The page never became ready for keys."
        page.wait_for_timeout(10)


def _is_settled(page: Any) -> bool:
    try:
        return bool(page.evaluate(SETTLED))
    except sync_api.Error:  # the page is just being left for another one
        return False


def press(page: Any, *keys: str) -> None:
    """Press keys one after another, each as soon as the page that is shown by then is ready for it."""
    for key in keys:
        settle(page)
        page.keyboard.press(key)


def type_in(page: Any, text: str) -> None:
    """Type a text into what has the focus."""
    settle(page)
    page.keyboard.type(text)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Any]:
    """It ends with the room: while its loop runs, no other test could begin one of its own."""
    with sync_api.sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def program() -> Path:
    path = next(filter(None, map(shutil.which, NAMES)), MAC if MAC.exists() else None)
    if path is None:
        pytest.skip("there is no Chromium")
    return Path(path)


@pytest.fixture(scope="package")
def chromium(playwright: Any, program: Path) -> Iterator[Any]:
    """One for the room: a window knows nothing of another."""
    browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[..., Any]]:
    """A browser window of somebody new: `window(javaScriptEnabled=False)`, with nothing of another's in it."""
    opened = []

    def open_window(**options: Any) -> Any:
        opened.append(chromium.new_context(**options))
        opened[-1].set_default_timeout(PATIENCE * 1000)
        return opened[-1].new_page()

    yield open_window
    for context in opened:
        context.close()


@dataclass(frozen=True)
class Full:
    """A server that has one of everything: the addresses of all pages as its administrator and as strangers see them,
    and the administrator's cookie."""

    server: Server
    pages: list[str]
    strangers: list[str]
    cookie: dict[str, str]


@pytest.fixture(scope="module")
def full(database: str, front_end: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Full]:
    """Of a module's own, as who looks at all pages needs them as they were made, or changes all of them."""
    with ready(database, tmp_path_factory.mktemp("full"), front_end.origin) as running:
        said = running.filled_by("tests.browser.seeding")
        cookie = {"name": said["cookie"], "value": said["token"], "url": running.url}
        yield Full(running, said["pages"], said["strangers"], cookie)


def log_in(page: Any, server: Server, person: Person) -> None:
    """As the form of the login page does, of which nothing is drawn: most tests begin so, and are about something else.

    Somebody types it in test_a_day_at_work.py.
    """
    address, asking = f"{server.url}/auth/login", page.context.request
    forms = Forms(address, asking.get(address, headers=PAGE).text()).all.values()
    (form,) = (form for form in forms if form.has_fields and form.action == address)
    sent = urlencode(form.filled({"email": person.email, "password": person.password}))
    answer = asking.post(form.action, data=sent, headers=FORM, max_redirects=0)
    assert answer.status == 303, answer.text()
