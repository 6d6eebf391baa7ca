"""Many issues are changed at once: those that are named, or all that match; with an event in each."""

import pytest

from tests.bulk.changing import URL, change, issue

SAME_AS_ONE = [
    {"priority": "high"},
    {"due_on": "2026-03-31", "start_on": "2026-03-01", "estimate": 3},
    {"state": "closed"},
    {"state": "closed", "close_reason": "not_planned"},
    {"status": "In progress"},
    {"status": "Done"},
    {"status": "Canceled", "priority": "low"},
]


def told(client, number):
    events = client.get(f"{URL}/{number}/events")["items"]
    return {(event["kind"], str(event["data"])) for event in events}


def state(client, number):
    apart = ("id", "key", "number", "title", "created_at", "updated_at", "closed_at")
    return {name: value for name, value in issue(client, number).items() if name not in apart}


@pytest.mark.parametrize("fields", SAME_AS_ONE)
def test_it_does_to_each_what_a_single_change_does(api, ada, project, fields):
    client = api(ada)
    client.patch(f"{URL}/3", fields)
    assert change(client, **fields) | {"change_id": 0} == {
        "changed": 2,
        "unchanged": 0,
        "refused": [],
        "change_id": 0,
    }
    assert state(client, 1) == state(client, 2) == state(client, 3)
    assert told(client, 1) == told(client, 2) == told(client, 3)


def test_labels_and_people_are_added_and_removed(api, ada, make, project):
    member = make.member(project, "member")
    change(api(ada), add_labels=["BUG"], remove_labels=["old"], add_assignees=[member.id])
    one = issue(api(ada), 1)
    assert ([label["name"] for label in one["labels"]], [who["id"] for who in one["assignees"]]) == (
        ["bug"],
        [member.id],
    )
    data = api(ada).get(f"{URL}/1/events")["items"][1]["data"]
    assert (data["added"], data["removed"]) == (["bug"], ["old"])
    counts = {one["name"]: one["issue_count"] for one in api(ada).get("/projects/WALL/labels")["items"]}
    assert counts == {"bug": 2, "old": 1}
    change(api(ada), remove_assignees=[member.id])
    assert issue(api(ada), 2)["assignees"] == []


def test_a_label_of_the_same_scope_gives_way(api, ada, make, project):
    for name in ("area::roof", "area::wall"):
        make.label(project, ada, name)
    change(api(ada), add_labels=["area::roof"])
    change(api(ada), numbers=[1], add_labels=["area::wall"])
    names = [label["name"] for label in issue(api(ada), 1)["labels"]]
    assert names == ["area::wall", "old"]
    assert "only one" in change(api(ada), 422, add_labels=["area::roof", "area::wall"])["detail"]


def test_a_milestone_is_set_and_taken_away(api, ada, project):
    spring = api(ada).post("/projects/WALL/milestones", {"title": "Spring"})
    change(api(ada), milestone=spring["id"])
    assert issue(api(ada), 2)["milestone"]["title"] == "Spring"
    change(api(ada), milestone=None)
    assert issue(api(ada), 2)["milestone"] is None
    assert api(ada).get(f"{URL}/2/events")["items"][-1]["data"]["old"] == "Spring"


def test_the_events_of_all_share_one_change(api, ada, project):
    done = change(api(ada), priority="high", state="closed")
    events = [event for n in (1, 2) for event in api(ada).get(f"{URL}/{n}/events")["items"][1:]]
    assert {event["change_id"] for event in events} == {done["change_id"]}
    assert len(events) == 6


def test_what_is_like_this_already_is_left_alone(api, ada, project):
    api(ada).patch(f"{URL}/1", {"priority": "high"})
    before = issue(api(ada), 1)
    assert change(api(ada), priority="high")["unchanged"] == 1
    assert issue(api(ada), 1) == before


def test_the_project_counts_what_was_closed_and_opened(api, ada, project):
    change(api(ada), state="closed")
    assert api(ada).get("/projects/WALL")["open_issues"] == 1
    change(api(ada), numbers=[1, 2, 3], state="open")
    assert api(ada).get("/projects/WALL")["closed_issues"] == 0


def test_many_issues_cost_as_many_statements_as_few(api, ada, make, project, statements):
    fields = {"priority": "high", "state": "closed", "add_labels": ["bug"], "add_assignees": [ada.id]}
    client = api(ada)
    statements.clear()
    change(client, numbers=[1], **fields)
    few = len(statements)
    for _ in range(20):
        make.issue(project, ada)
    statements.clear()
    assert change(client, numbers=range(2, 24), **fields)["changed"] == 22
    assert len(statements) == few


WRONG = [
    ({}, ""),
    ({"priority": "huge"}, "priority"),
    ({"milestone": 999}, "milestone"),
    ({"add_labels": ["none"]}, "add_labels"),
    ({"remove_labels": ["none"]}, "remove_labels"),
    ({"add_labels": ["old"], "remove_labels": ["old"]}, "remove_labels"),
    ({"add_assignees": [999_999]}, "add_assignees"),
    ({"status": "None such"}, "status"),
    ({"status": "Done", "state": "open"}, "status"),
    ({"close_reason": "completed"}, "close_reason"),
    ({"delete": True, "priority": "high"}, "delete"),
    ({"move_to": "SCREE", "priority": "high"}, "move_to"),
    ({"title": "All the same"}, "title"),
]


@pytest.mark.parametrize(("fields", "name"), WRONG)
def test_what_cannot_be_done_to_any_is_refused_as_a_whole(api, ada, project, fields, name):
    assert name in [error["field"] for error in change(api(ada), 422, **fields)["errors"]]
    assert issue(api(ada), 1)["version"] == 1


def test_it_has_to_be_said_which_issues(api, ada, project):
    assert "which issues" in api(ada).patch(URL, {"priority": "high"}, status=422)["detail"]


def test_another_number_of_issues_than_was_shown_is_refused(api, ada, project):
    change(api(ada), 409, priority="high", expected=3)
    assert change(api(ada), priority="high", expected=2)["changed"] == 2


def test_what_is_not_there_is_named(api, ada, project):
    api(ada).delete(f"{URL}/2")
    done = change(api(ada), numbers=[1, 2, 99], priority="high")
    assert (done["changed"], [one["number"] for one in done["refused"]]) == (1, [2, 99])


def test_nothing_of_another_project_is_changed(api, ada, make, project):
    scree = make.project(ada, key="SCREE")
    for _ in range(4):
        make.issue(scree, ada)
    assert change(api(ada), numbers=[4], priority="high")["changed"] == 0
    assert api(ada).get("/projects/SCREE/issues/4")["priority"] == "none"


def test_a_reporter_closes_only_what_is_theirs(api, ada, make, project):
    reporter = make.member(project, "reporter")
    own = make.issue(project, reporter).number
    done = change(api(reporter), numbers=[1, own], state="closed")
    assert (done["changed"], [one["number"] for one in done["refused"]]) == (1, [1])
    assert "not allowed" in done["refused"][0]["detail"]
    assert change(api(reporter), numbers=[own], priority="high")["changed"] == 0


def test_who_only_reads_changes_nothing(api, ada, make, project):
    change(api(make.member(project, "viewer")), 403, priority="high")


def test_an_issue_with_open_parts_or_blockers_stays_open(api, ada, project):
    client = api(ada)
    client.patch(f"{URL}/3", {"parent": 1})
    client.post(f"{URL}/2/relations", {"kind": "blocked_by", "issue": "#3"})
    done = change(client, state="closed")
    assert [(one["number"], one["detail"][-7:]) for one in done["refused"]] == [(1, "WALL-3."), (2, "WALL-3.")]
    assert change(client, state="closed", close_reason="not_planned")["changed"] == 1
    assert change(client, numbers=[1, 3], state="closed")["changed"] == 2


def test_closing_what_is_unfinished_can_be_meant(api, ada, project):
    api(ada).patch(f"{URL}/3", {"parent": 1})
    assert change(api(ada), state="closed", force=True)["changed"] == 2


def test_a_part_that_stays_open_keeps_what_it_is_a_part_of(api, ada, project):
    client = api(ada)
    client.patch(f"{URL}/2", {"parent": 1})
    client.post(f"{URL}/2/relations", {"kind": "blocked_by", "issue": "#3"})
    assert [one["number"] for one in change(client, state="closed")["refused"]] == [1, 2]


def test_more_people_than_an_issue_can_have_are_refused(app, api, ada, make, project):
    people = [make.member(project, "member").id for _ in range(21)]
    change(api(ada), numbers=[1], add_assignees=people[:20])
    done = change(api(ada), add_assignees=people[20:])
    assert (done["changed"], done["refused"][0]["number"]) == (1, 1)


def test_deleted_together(api, ada, project):
    assert change(api(ada), delete=True)["changed"] == 2
    assert api(ada).get("/projects/WALL")["open_issues"] == 1
    assert [one["issue_count"] for one in api(ada).get("/projects/WALL/labels")["items"]] == [0, 1]
    assert {one["number"] for one in api(ada).get("/projects/WALL/trash")["items"]} == {1, 2}


def test_a_member_deletes_nothing(api, ada, make, project):
    done = change(api(make.member(project, "member")), delete=True)
    assert (done["changed"], len(done["refused"])) == (0, 2)
