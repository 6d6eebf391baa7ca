"""What ends lets go of its issues, however many these are and whosever."""

import re

import pytest

from tests.changes.ground import ENDINGS, ISSUES, WALL
from webapp.changes import engine
from webapp.db import db, transacting

LOCKING = re.compile(r"\bUPDATE (\w+) SET|\ASELECT .*?\sFROM (\w+)\s.*FOR (?:NO KEY )?UPDATE", re.DOTALL)
# Statements at most, with those that ask who is there and what they may.
BUDGETS = {
    "a label is merged": 10,
    "a label is deleted": 8,
    "a member is removed": 13,  # two for the letter that tells them, one for the audit log
    "a milestone is closed": 8,
    "a milestone is deleted": 7,
    "a status is deleted": 10,  # one for the audit log
}
by_each = pytest.mark.parametrize("ending", ENDINGS)


@pytest.mark.parametrize("more", [10, 1000])
@by_each
def test_it_takes_a_few_statements_for_any_number(ground, statements, ending, more):
    ground.multiply(more)
    statements.clear()
    ENDINGS[ending][1](ground)
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= BUDGETS[ending]


@by_each
def test_more_than_are_in_hand_at_a_time_change_together(ground, monkeypatch, ending):
    kind, act = ENDINGS[ending]
    monkeypatch.setattr(engine, "AT_ONCE", 3)
    ground.multiply(7)
    act(ground)
    events = f"SELECT {{}} FROM events WHERE kind = '{kind}' AND issue_id IS NOT NULL"
    assert ground.run(events.format("count(DISTINCT issue_id)")) == ground.run(events.format("count(*)")) == 8
    assert ground.run(events.format("count(DISTINCT change_id)")) == 1
    assert ground.run("SELECT count(*) FROM issues WHERE version = 2") == 8


@by_each
def test_issues_are_taken_first_then_labels_then_the_project(ground, statements, ending):
    statements.clear()
    ENDINGS[ending][1](ground)
    taken = [found[1] or found[2] for one in statements for found in LOCKING.finditer(one)]
    places = [taken.index(table) for table in ("issues", "labels", "projects") if table in taken]
    assert len(places) >= 2
    assert places == sorted(places)


@by_each
def test_what_is_in_the_trash_lets_go_too(ground, ending):
    ground.client.delete(f"{ISSUES}/1")
    ENDINGS[ending][1](ground)
    ground.client.post(f"{ISSUES}/1/restoration", status=200)
    assert ENDINGS[ending][0] in [event["kind"] for event in ground.newest(2)]
    assert ground.client.get(WALL)["open_issues"] == 1
    counts = {one["name"]: one["issue_count"] for one in ground.client.get(f"{WALL}/labels")["items"]}
    carried = [one["name"] for one in ground.issue()["labels"]]
    assert counts == {name: int(name in carried) for name in counts}


@by_each
def test_nothing_of_it_is_left_where_nothing_had_it(ground, ending):
    one = {"labels": [], "assignees": [], "milestone": None, "status": "Backlog"}
    before = ground.client.patch(f"{ISSUES}/1", one)
    ENDINGS[ending][1](ground)
    assert ground.issue() == before


@pytest.mark.parametrize("role", ["viewer", "reporter"])
@pytest.mark.parametrize("is_archived", [False, True])
def test_who_leaves_is_taken_from_issues_that_they_may_not_change(api, ground, role, is_archived):
    place = f"{WALL}/members/{ground.member.id}"
    ground.client.patch(place, {"role": role})
    if is_archived:
        ground.client.post(f"{WALL}/archive", status=200)
    api(ground.member).delete(place)
    told = ground.newest()[0]
    assert (told["kind"], told["actor"]["id"]) == ("assigned", ground.member.id)
    assert ground.issue()["assignees"] == []


def test_issues_that_went_on_come_back(browser, ada, ground):
    someone, at = browser(ada), f"{WALL}/milestones/{ground.ids['Spring']}"
    someone.post(at, {"state": "closed", "move_to": str(ground.ids["Summer"])})
    page = someone.get(at)
    assert page.says("Closed. Its open issues went on.")
    assert ground.issue()["milestone"]["title"] == "Summer"
    someone.post(f"{ISSUES}/undo", {"change": page.fields["change"]})
    assert ground.issue()["milestone"]["title"] == "Spring"


@pytest.mark.parametrize("fields", [{"state": "closed"}, {"title": "Autumn"}])
def test_where_none_went_on_nothing_is_to_be_taken_back(browser, ada, ground, fields):
    someone, at = browser(ada), f"{WALL}/milestones/{ground.ids['Spring']}"
    someone.post(at, fields)
    page = someone.get(at)
    assert page.says("Saved.")
    assert "change" not in page.fields


def test_what_a_deleted_milestone_left_cannot_be_as_it_was(ground):
    ENDINGS["a milestone is deleted"][1](ground)
    change = ground.newest()[0]["change_id"]
    ground.client.post(f"{ISSUES}/1/undo", {"change": change}, status=409)
    assert ground.issue()["milestone"] is None


def test_a_label_of_an_issue_that_has_too_many_is_merged(ground, make, ada):
    names = [f"l{number}" for number in range(60)]
    for name in names:
        ground.client.post(f"{WALL}/labels", {"name": name})
    with ground.app.app_context(), transacting():
        db.session.execute(
            db.text("INSERT INTO issue_labels SELECT i.id, l.id FROM issues i, labels l WHERE l.name LIKE 'l%'")
        )
        db.session.execute(db.text("UPDATE labels SET issue_count = 1 WHERE name LIKE 'l%'"))
    into = ground.ids["defect"]
    label = next(one for one in ground.client.get(f"{WALL}/labels")["items"] if one["name"] == "l7")
    ground.client.post(f"{WALL}/labels/{label['id']}/merge", {"into": into}, status=200)
    assert "defect" in [one["name"] for one in ground.issue()["labels"]]
    assert ground.client.get(f"{ISSUES}/1/events")["items"][-1]["data"]["added"] == ["defect"]
