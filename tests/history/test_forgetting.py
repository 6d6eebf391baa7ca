"""A former text that nobody must read any more is forgotten, and nothing of it stays anywhere."""

import pytest
from sqlalchemy import text

from webapp.db import db

URL = "/projects/WALL/issues/1"
SECRET = "hunter2zebra"
TEXT = f"Log in with {SECRET}\n\n- [ ] change {SECRET}\n- [ ] call Bob"
KEY = {"Idempotency-Key": "8e03978e-40d5"}


@pytest.fixture(params=["issue", "comment"])
def leaked(request, api, make, ada):
    """An issue or comment of Bob's that told a secret in its first three versions: typed, ticked, and half mended."""
    project = make.project(ada, key="WALL", visibility="public")
    bob = make.member(project, "reporter")
    client = api(bob)
    if request.param == "issue":
        client.post("/projects/WALL/issues", {"title": "Gate", "body": TEXT}, headers=KEY)
        place = URL
    else:
        make.issue(project, ada)
        place = f"{URL}/comments/{client.post(f'{URL}/comments', {'body': TEXT}, headers=KEY)['id']}"
    client.post(f"{place}/tasks", {"done": [2]}, status=200)
    client.patch(place, {"body": f"{SECRET} is gone\n\n- [ ] call Bob"})
    client.patch(place, {"body": "Nothing to see\n\n- [ ] call Bob"})
    client.patch(place, {"body": "Nothing to see here\n\n- [ ] call Bob"})
    return bob, place


def holding(app, word):
    """The tables in which a word stands, in whatever column."""
    found = []
    with app.app_context():
        for table in db.metadata.tables:
            for shape in (word, word.encode().hex()):
                if db.session.scalar(
                    text(f'SELECT count(*) FROM "{table}" x WHERE x::text LIKE :word'), {"word": f"%{shape}%"}
                ):
                    found.append(table)
    return found


def test_nothing_of_it_stays_in_the_database(app, api, leaked):
    bob, place = leaked
    assert {"text_versions", "events", "idempotency_keys"} <= set(holding(app, SECRET))
    for one in api(bob).get(f"{place}/history")["items"]:
        if SECRET in one["body"]:
            api(bob).delete(f"{place}/history/{one['version']}")
    assert holding(app, SECRET) == []
    assert "call Bob" in api().get(place)["body"]


def test_neither_it_nor_what_differed_from_it_is_shown(api, browser, leaked):
    bob, place = leaked
    for version in (1, 2, 3):
        api(bob).delete(f"{place}/history/{version}")
    last, *others = api().get(f"{place}/history")["items"]
    assert last["body"].startswith("Nothing to see")
    assert last["diff"]
    assert last["forgotten_at"] is None
    for one in others:
        assert (one["body"], one["diff"]) == (None, None)
        assert one["forgotten_at"]
    page = browser().get(f"{place}/history")
    assert page.says("This text was forgotten")
    assert SECRET not in page.text + browser().get(URL).text


def test_a_neighbour_does_not_tell_what_was_forgotten(api, browser, leaked):
    bob, place = leaked
    api(bob).delete(f"{place}/history/4")
    forgotten, before = api().get(f"{place}/history")["items"][:2]
    assert forgotten["body"] is None
    assert (before["version"], before["diff"]) == (3, None)
    assert SECRET in before["body"]
    page = browser().get(f"{place}/history")
    assert page.says(f"{SECRET} is gone")
    assert not page.says("Nothing to see")
    page = api().get(f"{place}/history?limit=1")
    assert api().get(page["next"])["items"][0]["diff"] is None


def test_a_page_asks_and_then_does_it(api, browser, leaked):
    bob, place = leaked
    someone = browser(bob)
    assert f"{place}/history/1/delete" in someone.get(f"{place}/history").links
    asked = someone.get(f"{place}/history/1/delete")
    assert asked.says(SECRET)
    assert asked.says("A file that it names stays")
    assert someone.post(f"{place}/history/1/delete").location == f"{place}/history"
    assert someone.get(f"{place}/history").says("forgotten")
    assert f"{place}/history/1/delete" not in someone.get(f"{place}/history").links
    assert f"{place}/history" in someone.get(f"{place}/edit").links


def test_that_it_was_forgotten_is_told_without_it(api, browser, leaked):
    bob, place = leaked
    api(bob).delete(f"{place}/history/1")
    api(bob).delete(f"{place}/history/1")
    events = [one for one in api().get(f"{URL}/events?limit=100")["items"] if one["kind"] == "text_forgotten"]
    comment = int(place.rpartition("/")[2]) if "comments" in place else None
    assert [one["data"] for one in events] == [{"version": 1, "comment": comment}]
    assert browser().get(URL).says("let a former text of")


def test_no_undo_brings_it_back(api, leaked):
    bob, place = leaked
    api(bob).delete(f"{place}/history/3")
    for event in api().get(f"{URL}/events?limit=100")["items"]:
        if event["actor"]["id"] == bob.id:
            api(bob).send("POST", f"{URL}/undo", json={"change": event["change_id"]}, status=409)
    assert SECRET not in api().get(place)["body"]


def test_a_creation_that_is_sent_again_is_answered_without_its_text(api, leaked):
    bob, place = leaked
    api(bob).delete(f"{place}/history/1")
    list_of, body = (
        (f"{URL}/comments", {"body": TEXT})
        if "comments" in place
        else ("/projects/WALL/issues", {"title": "Gate", "body": TEXT})
    )
    again = api(bob).send("POST", list_of, json=body, headers=KEY, status=201)
    assert again.headers["Location"] == place
    assert again.text == ""


def test_others_may_not(api, browser, make, ada, eve, leaked):
    place = leaked[1]
    api(eve).delete(f"{place}/history/1", status=403)
    assert f"{place}/history/1/delete" not in browser(eve).get(f"{place}/history").links
    api().delete(f"{place}/history/1", status=401)
    api(ada).delete(f"{place}/history/1")


def test_who_wrote_it_may_wherever_that_was(api, make, ada):
    project = make.project(ada, key="WALL")
    make.issue(project, ada, body="Old")
    member, other = api(make.member(project, "member")), api(make.member(project, "member"))
    member.patch(URL, {"body": f"Old {SECRET}"})
    member.patch(URL, {"body": "Old"})
    other.delete(f"{URL}/history/2", status=403)
    member.delete(f"{URL}/history/1", status=403)
    member.delete(f"{URL}/history/2")


def test_only_what_was_can_be_forgotten(api, leaked):
    bob, place = leaked
    now = api().get(place)["version"]
    api(bob).delete(f"{place}/history/{now}", status=404)
    api(bob).delete(f"{place}/history/99", status=404)
