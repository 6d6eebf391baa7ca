"""Wherever a person is named, their face stands beside the name: their picture, or else their initials."""

import io
import re
from html.parser import HTMLParser

import pytest

from tests.attachments.pictures import picture
from tests.clients import HTML
from webapp.text import pictures

URL = "/projects/WALL"
PERSON = re.compile(r"/users/(\d+)")


class Faces(HTMLParser):
    """The pictures in the middle of a page, its initials, and who is named beside which of them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: list[dict[str, str]] = []
        self.named: list[tuple[int, str]] = []  # whose link, and the face right before it
        self.words: list[tuple[str, str]] = []  # any other words, and the face right before them
        self._face, self._is_inside, self._menu = "", False, ""
        self.feed(text.partition("<main")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kinds = given.get("class", "").split()
        if tag in ("option", "button", "h1", "nav") or "hidden" in kinds:
            self._menu = tag
        if tag == "img":
            self.images.append(given)
        self._look(given, kinds)
        if tag == "a" and (whose := PERSON.fullmatch(given.get("href", ""))):
            self.named.append((int(whose[1]), self._face))

    def _look(self, given: dict[str, str], kinds: list[str]) -> None:
        """Remember the face that this is, if it is one."""
        if "initials" in kinds:
            self._face, self._is_inside = f"{kinds[1]} ", True
        elif "face" in kinds:
            self._face = given["src"]
        elif "data-face" in given:
            self._face = f"{kinds[-1]} {given['data-face']}"

    def handle_endtag(self, tag: str) -> None:
        if tag == self._menu:
            self._menu = ""

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self._face += data
            self._is_inside = False
        elif data.strip() and not self._menu:
            self.words.append((data.strip(), self._face))
            self._face = ""


def initials(person):
    return f"hue-{pictures.hue(person.id)} {pictures.initials(person.name)}"


def upload(api, who):
    """Give somebody a picture; returns its address."""
    data = {"file": (io.BytesIO(picture()), "me.png")}
    return api(who).post("/auth/me/avatar", status=200, data=data)["avatar_url"]


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def town(api, make, ada, project):
    """Ada has a picture and Bob has none. They open, change, comment, name, delete, upload and save.

    Returns Bob, the address of her picture, and ids for the pages.
    """
    bob, own, ids = make.person("Bob"), upload(api, ada), {}
    api(ada).post(f"{URL}/members", {"email": bob.email, "role": "maintainer"})
    for who, other in ((ada, bob), (bob, ada)):
        someone = api(who)
        draft = {"title": "Loose", "body": "On the wall", "assignees": [who.id]}
        at = f"{URL}/issues/{someone.post(f'{URL}/issues', draft)['number']}"
        someone.patch(at, {"body": "Lifted", "priority": "high"})
        comment = someone.post(f"{at}/comments", {"body": "Seen"})["id"]
        someone.patch(f"{at}/comments/{comment}", {"body": "Looked at"})
        gone = someone.post(f"{at}/comments", {"body": "Wrong"})["id"]
        api(other).delete(f"{at}/comments/{gone}")
        dropped = someone.post(f"{URL}/issues", {"title": "Dropped"})["number"]
        api(other).delete(f"{URL}/issues/{dropped}")
        someone.post(f"{URL}/issues", {"title": "Told", "body": "See #1"})
        someone.post(f"{URL}/views", {"name": f"Of {who.id}", "query": "is:open", "shared": True})
        file = someone.post(f"{URL}/attachments", data={"file": (io.BytesIO(b"Words"), "words.txt")})["id"]
        ids = {"comment": comment, "file": file, "bob": bob.id, **ids}
    api(ada).post(f"{URL}/members", {"email": "new@example.com", "role": "member"})
    return bob, own, ids


# Where somebody speaks, or stands for themselves.
SPOKEN = [
    f"{URL}/issues/1",
    f"{URL}/issues/1/history",
    f"{URL}/issues/1/comments/{{comment}}/history",
    f"{URL}/issues/1/comments/{{comment}}/delete",
    f"{URL}/issues/4",
    f"{URL}/members",
    f"{URL}/members/{{bob}}/delete",
    f"{URL}/trash",
    f"{URL}/views",
    "/attachments/{file}",
    "/",
]
# Where they are many.
LISTED = [f"{URL}/issues", f"{URL}/board", f"{URL}/board?by=assignee", f"{URL}/issues/1/assignees", "/issues"]


def seen(browser, who, page, ids):
    return Faces(browser(who).get(page.format(**ids)).text)


@pytest.mark.parametrize("page", SPOKEN)
def test_whoever_is_linked_has_their_face_beside_the_name(browser, ada, town, page):
    bob, own, ids = town
    faces = {ada.id: own, bob.id: initials(bob)}
    named = seen(browser, ada, page, ids).named
    assert named, "nobody is named here"
    assert [one for one in named if faces[one[0]] != one[1]] == []


@pytest.mark.parametrize("page", [*SPOKEN, *LISTED])
def test_a_name_in_a_line_has_a_face_beside_it(browser, ada, town, page):
    """In its place on the page; headings of pages, menus and buttons are no places of people."""
    bob, own, ids = town
    faces = {ada.name: {own, initials(ada)}, bob.name: {initials(bob)}}
    words = seen(browser, ada, page, ids).words
    assert [one for one in words if one[0] in faces and one[1] not in faces[one[0]]] == []


@pytest.mark.parametrize("page", [*SPOKEN, *LISTED])
def test_a_face_moves_nothing_and_says_nothing(browser, ada, town, page):
    """Its place is known before it is there, and the name beside it says who it is."""
    for image in seen(browser, ada, page, town[2]).images:
        assert (image["width"], image["height"], image["alt"], image["loading"]) == ("20", "20", "", "lazy")


@pytest.mark.parametrize("page", LISTED)
def test_a_list_asks_for_no_pictures(browser, ada, town, page):
    assert seen(browser, ada, page, town[2]).images == []


def test_another_picture_is_shown_at_once(api, browser, make, ada, project):
    """Also to somebody whose page is kept, here or in the browser."""
    reader = make.member(project, "viewer")
    number = api(ada).post(f"{URL}/issues", {"title": "Loose"})["number"]
    at = f"{URL}/issues/{number}"
    there = browser(reader)
    for _ in range(2):
        page = there.get(at)
    tag = {"If-None-Match": page.response.headers["ETag"]}
    for _ in range(2):
        face = upload(api, ada)
        later = there.client.get(at, headers={**HTML, **tag})
        assert later.status_code == 200
        assert {own for id, own in Faces(later.text).named if id == ada.id} == {face}
        tag = {"If-None-Match": later.headers["ETag"]}
    api(ada).delete("/auth/me/avatar")
    assert {own for _, own in Faces(there.get(at).text).named} == {initials(ada)}


def test_a_picture_is_no_key_of_an_answer(api, ada, town):
    """Who wants it has `avatar_url`, at the person's own address."""
    assert api(ada).get(f"{URL}/issues/1")["author"] == {"id": ada.id, "name": ada.name}
