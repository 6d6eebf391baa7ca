"""What people type may run from right to left: wherever it stands on a page, it has a direction of its own."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests.clients import HTML

HEBREW = "אבן"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Read aloud, not shown; or shown where nothing has a direction: the title of the window.
UNSEEN = {"title", "code", "pre"}
UNWRITTEN = {"hidden", "checkbox", "radio"}


class Directions(HTMLParser):
    """Finds what is typed and stands in the direction of the page."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        own = given.get("dir") == "auto" or tag in {"bdi", *UNSEEN} or "hidden" in given.get("class", "").split()
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "input" and not own and given.get("type") not in UNWRITTEN:
            self.found += [("input", given.get("name"))] * (HEBREW in given.get("value", ""))
        if tag not in VOID:
            self.open.append((tag, own))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if HEBREW in data and not any(own for _, own in self.open):
            self.found.append(("/".join(tag for tag, _ in self.open[2:]), data.strip()))


@pytest.fixture
def avi(make):
    return make.person(f"{HEBREW} avi")


@pytest.fixture
def project(api, avi, make):
    """A project in which every text is typed from right to left."""
    at = "/projects/ROCK"
    mine = api(avi)
    mine.post("/projects", {"name": f"{HEBREW} project", "key": "ROCK", "description": f"{HEBREW} description"})
    label = {"name": f"{HEBREW}::label", "color": "#d34467", "description": f"{HEBREW} of a label"}
    mine.post(f"{at}/labels", label)
    milestone = mine.post(f"{at}/milestones", {"title": f"{HEBREW} milestone", "description": f"{HEBREW} goal"})
    mine.post(f"{at}/statuses", {"name": f"{HEBREW} status", "category": "started"})
    mine.post(f"{at}/templates", {"name": f"{HEBREW} template", "title": f"{HEBREW} title", "body": f"{HEBREW} body"})
    mine.post(
        f"{at}/views", {"name": f"{HEBREW} view", "query": f'label:"{HEBREW}::label"', "pinned": True, "shared": True}
    )
    issue = {
        "title": f"{HEBREW} title", "body": f"{HEBREW} body\n\n- {HEBREW} item\n- [ ] {HEBREW} task\n\n# {HEBREW} heading\n\n> {HEBREW} quote\n\n|{HEBREW}|b|\n|-|-|\n|{HEBREW}|d|",
        "labels": [f"{HEBREW}::label"], "assignees": [avi.id], "milestone": milestone["id"], "status": f"{HEBREW} status",
    }  # fmt: skip
    mine.post(f"{at}/issues", issue)
    mine.post(f"{at}/issues", issue | {"parent": 1, "body": f"{HEBREW} ROCK-1"})
    mine.post(f"{at}/issues/1/relations", {"kind": "blocks", "issue": "#2"})
    mine.post(f"{at}/issues/1/comments", {"body": f"{HEBREW} comment, see #2"})
    mine.patch(
        f"{at}/issues/1",
        {"title": f"{HEBREW} new title", "labels": [], "milestone": None, "assignees": [], "status": "Todo"},
    )
    mine.patch(f"{at}/issues/1", {"body": f"{HEBREW} new body"})
    return at


def seen_from(someone, start):
    """All pages that links lead to from here; each kind of address a few times, whatever its query."""
    waiting, seen = [*start], set()
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if (
            path in seen
            or not path.startswith("/")
            or path.startswith(("/static", "/docs", "/redoc", "/auth/logout"))
        ):
            continue
        seen.add(path)
        answer = someone.client.get(address, headers=HTML)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            page = Directions(answer.text)
            waiting += page.links
            yield path, page


def test_what_is_typed_has_a_direction_of_its_own(browser, avi, project):
    start = [
        "/",
        project,
        f"{project}/issues/new?template=1",
        f"/search?q={HEBREW}",
        f"{project}/issues?q={HEBREW}",
        f"{project}/issues/2/edit",
    ]
    pages = list(seen_from(browser(avi), start))
    assert len(pages) > 50
    wrong = [(path, *one) for path, page in pages for one in page.found]
    assert wrong == [], "\n".join(map(str, wrong))
