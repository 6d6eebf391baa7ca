"""What happened to an issue, as JSON tells it: events, and the texts elsewhere that name it."""

import pytest

from webapp.db import db, transacting
from webapp.models.events import Event
from webapp.models.references import Reference

URL = "/projects/WALL/issues/1"


@pytest.fixture
def named(api, ada, make):
    """An issue of a public project that is named by a public issue, a comment there, and a private project."""
    wall = make.project(ada, key="WALL", visibility="public")
    make.issue(wall, ada)
    cave = make.project(ada, key="CAVE")
    api(ada).post("/projects/WALL/issues", {"title": "Like it", "body": "as #1"})
    api(ada).post("/projects/WALL/issues/2/comments", {"body": "and WALL-1 again, #1"})
    make.issue(cave, ada, title="Hidden", body="because of WALL-1")
    api(ada).post(f"{URL}/comments", {"body": "#1 is this one"})
    api(ada).patch(URL, {"title": "Another title"})


def mentions(page):
    return [one for one in page["items"] if one["kind"] == "mentioned"]


def test_texts_that_name_an_issue_are_among_its_events(api, ada, named):
    told = mentions(api(ada).get(f"{URL}/events"))
    assert [(one["data"]["key"], one["data"]["number"], one["data"]["title"]) for one in told] == [
        ("WALL", 2, "Like it"), ("WALL", 2, "Like it"), ("CAVE", 1, "Hidden"),
    ]  # fmt: skip
    in_text, in_comment, _ = told
    assert in_text["data"]["comment"] is None
    assert api(ada).get(f"/projects/WALL/issues/2/comments/{in_comment['data']['comment']}")
    assert in_text["actor"] == {"id": ada.id, "name": "Ada"}
    assert in_text["change_id"] is None  # no change of this issue, and nothing to take back


@pytest.mark.parametrize("who", ["ada", "eve", "nobody"])
def test_everybody_is_told_those_that_they_may_see_as_the_page_does(api, browser, ada, eve, named, who):
    reader = {"ada": ada, "eve": eve, "nobody": None}[who]
    told = api(reader).get(f"{URL}/events")
    assert len(mentions(told)) == browser(reader).get(URL).text.count("mentioned this") == (3 if who == "ada" else 2)
    assert told["total"] == len(told["items"])
    assert ("Hidden" in str(told)) == (who == "ada")


def test_a_text_that_is_in_the_trash_names_nothing(api, ada, named):
    api(ada).delete("/projects/WALL/issues/2")
    told = api(ada).get(f"{URL}/events")
    assert [one["data"]["key"] for one in mentions(told)] == ["CAVE"]
    assert told["total"] == len(told["items"])


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_tell_all_in_the_order_of_time(api, ada, app, named, limit):
    with app.app_context(), transacting():  # an import, or another clock: ids tell nothing of the order
        for model in (Event, Reference):
            ago = db.func.make_interval(0, 0, 0, 0, 0, 0, model.id * 7 % 5)
            db.session.execute(db.update(model).values(created_at=model.created_at - ago))
    url, found = f"{URL}/events?limit={limit}", []
    while url:
        page = api(ada).get(url)
        assert len(page["items"]) <= limit
        assert page["total"] == 6
        found += page["items"]
        url = page["next"]
    assert len({(one["kind"], one["id"]) for one in found}) == len(found) == 6
    times = [one["created_at"] for one in found]
    assert times == sorted(times)
    assert len(set(times)) > 2
