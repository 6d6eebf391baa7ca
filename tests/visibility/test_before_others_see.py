"""What a change lets others see is told before it is made: asked once on pages, and never of clients."""

from io import BytesIO

import pytest

URL = "/projects/WALL"
LETS = "let them see it"


@pytest.fixture
def wall(make, ada, api):
    """A private project: an issue with a comment, a private one and a file, and a private issue."""
    wall = make.project(ada, key="WALL")
    client = api(ada)
    for name in ("viewer", "reporter", "member"):
        make.member(wall, name)
    file = client.post(f"{URL}/attachments", data={"file": (BytesIO(b"stone"), "a.txt")})["markdown"]
    client.post(f"{URL}/issues", {"title": "Gate", "body": file})
    client.post(f"{URL}/issues/1/comments", {"body": "Seen."})
    other = client.post(f"{URL}/attachments", data={"file": (BytesIO(b"mortar"), "b.txt")})["markdown"]
    client.post(f"{URL}/issues/1/comments", {"body": f"Between us. {other}", "private": True})
    client.post(f"{URL}/issues", {"title": "Hole", "private": True})
    return wall


def reveal(audience, people, issues, comments, attachments):
    return {
        "audience": audience, "people": people, "issues": issues, "comments": comments, "attachments": attachments,
    }  # fmt: skip


@pytest.mark.parametrize(("to", "audience"), [("internal", "accounts"), ("public", "everyone")])
def test_a_project_that_more_will_see_says_what(wall, ada, api, to, audience):
    """Without what is private in it."""
    assert api(ada).get(f"{URL}/visibility?to={to}")["reveals"] == [reveal(audience, None, 1, 1, 1)]


def test_one_that_no_more_will_see_says_nothing(wall, ada, api):
    api(ada).patch(URL, {"visibility": "internal"})
    for to in ("private", "internal"):
        assert api(ada).get(f"{URL}/visibility?to={to}")["reveals"] == []
    assert api(ada).get(f"{URL}/visibility")["reveals"] == []


def test_an_issue_that_is_to_be_seen_says_by_whom(wall, ada, api):
    """In a private project by those members who did not see it; else by all who see the project."""
    url = f"{URL}/issues/2/visibility?to=public"
    assert api(ada).get(url)["reveals"] == [reveal("named", 2, 1, 0, 0)]
    api(ada).patch(URL, {"visibility": "public"})
    assert api(ada).get(url)["reveals"] == [reveal("everyone", None, 1, 0, 0)]
    assert api(ada).get(f"{URL}/issues/1/visibility?to=public")["reveals"] == []


def test_a_comment_says_so_as_well(wall, ada, api):
    url = f"{URL}/issues/1/visibility?comment="
    seen, private = (one["id"] for one in api(ada).get(f"{URL}/issues/1/comments")["items"])
    assert api(ada).get(f"{url}{private}")["reveals"] == [reveal("named", 2, 0, 1, 1)]
    assert api(ada).get(f"{url}{seen}")["reveals"] == []
    api(ada).get(f"{url}{private + 1000}", status=404)
    api(ada).patch(f"{URL}/issues/1", {"private": True})
    api(ada).patch(URL, {"visibility": "public"})
    assert api(ada).get(f"{url}{private}")["reveals"] == []


def test_a_move_says_what_others_there_will_see(wall, ada, make, api):
    scree = make.project(ada, key="SCREE")
    url = f"{URL}/issues/1/visibility?project=SCREE"
    assert api(ada).get(url)["reveals"] == []
    make.member(scree, "member")
    assert api(ada).get(url)["reveals"] == [reveal("named", 1, 1, 1, 1), reveal("named", 1, 0, 1, 1)]
    assert api(ada).get(f"{URL}/issues/2/visibility?project=SCREE")["reveals"] == [reveal("named", 1, 1, 0, 0)]
    api(ada).patch("/projects/SCREE", {"visibility": "internal"})
    assert api(ada).get(url)["reveals"][0] == reveal("accounts", None, 1, 1, 1)
    sent = api(ada).get(f"{URL}/issues/1/visibility?project=WALL", status=422)
    assert [one["field"] for one in sent["errors"]] == ["project"]


def test_a_page_asks_before_a_project_is_seen_by_more(wall, ada, api, browser):
    here = browser(ada)
    form = {"name": "Another", "key": "WALL", "description": "Kept.", "visibility": "public", "version": "1"}
    asked = here.post(URL, form, status=200)
    assert asked.says("Anybody will see, without an account")
    assert asked.says(LETS)
    assert (asked.fields["name"], asked.fields["description"].strip()) == ("Another", "Kept.")
    assert api(ada).get(URL)["visibility"] == "private"
    here.post(URL, {**form, "reveal": "true"})
    assert api(ada).get(URL)["visibility"] == "public"
    here.post(URL, {**form, "name": "Less", "visibility": "private", "version": "2"})
    assert api(ada).get(URL)["visibility"] == "private"


def test_a_page_asks_before_an_issue_is_seen_by_more(wall, ada, api, browser):
    form = {"title": "Hole, mended", "body": "", "private": "false", "version": "1"}
    asked = browser(ada).post(f"{URL}/issues/2", form, status=200)
    assert asked.says("2 more people will see")
    assert asked.fields["title"] == "Hole, mended"
    assert api(ada).get(f"{URL}/issues/2")["private"] is True
    browser(ada).post(f"{URL}/issues/2", {**form, "reveal": "true"})
    now = api(ada).get(f"{URL}/issues/2")
    assert (now["private"], now["title"]) == (False, "Hole, mended")


def test_a_page_asks_before_a_comment_is_seen_by_more(wall, ada, api, browser):
    comment = api(ada).get(f"{URL}/issues/1/comments")["items"][1]["id"]
    at, form = f"{URL}/issues/1/comments/{comment}", {"body": "For all.", "private": "false", "version": "1"}
    asked = browser(ada).post(at, form, status=200)
    assert asked.says("2 more people will see")
    assert asked.fields["body"].strip() == "For all."
    assert api(ada).get(at)["private"] is True
    browser(ada).post(at, {**form, "reveal": "true"})
    assert api(ada).get(at)["private"] is False


def test_a_page_asks_before_a_move(wall, ada, make, api, browser):
    make.member(make.project(ada, key="SCREE"), "member")
    asked = browser(ada).post(f"{URL}/issues/1/move", {"project": "SCREE"}, status=200)
    assert asked.says("1 more person will see")
    api(ada).get(f"{URL}/issues/1", status=200)
    browser(ada).post(f"{URL}/issues/1/move", {"project": "SCREE", "reveal": "true"})
    assert api(ada).get("/projects/SCREE/issues/1")["title"] == "Gate"


def test_what_lets_nobody_in_is_not_asked(wall, ada, make, api, browser):
    make.project(ada, key="SCREE")
    browser(ada).post(f"{URL}/issues/1/move", {"project": "SCREE"}, status=303)
    form = {"title": "Hole", "body": "", "private": "true", "version": "1"}
    browser(ada).post(f"{URL}/issues/2", {**form, "title": "Other"}, status=303)


def test_clients_are_not_asked(wall, ada, api):
    assert api(ada).patch(f"{URL}/issues/2", {"private": False})["private"] is False
    assert api(ada).patch(URL, {"visibility": "public"})["visibility"] == "public"


def test_whoever_may_not_change_it_is_refused_as_ever(wall, make, api, browser):
    viewer = make.member(wall, "viewer")
    form = {"name": "Wall", "key": "WALL", "description": "", "visibility": "public", "version": "1"}
    refused = browser(viewer).post(URL, form, status=403)
    assert not refused.says("will see")
