"""Whoever changes a field of an issue changes it alike: one at a time, many at once, or by ending what they have."""

from typing import Any

import pytest

from tests.changes.ground import ISSUES, WALL, Way, carried, closed, ended, many, merged, one

# Each writer of a field: the kind of its event, what it does, and what the event says.
SWAPPED = {"added": ["defect"], "removed": ["bug"], "added_ids": ["{defect}"], "removed_ids": ["{bug}"]}
UNTIED = {"added": [], "removed": ["bug"], "added_ids": [], "removed_ids": ["{bug}"]}
LEFT = {"added": [], "removed": ["Member"], "added_ids": [], "removed_ids": ["{member}"]}
SUMMER = {"old": "Spring", "new": "Summer", "old_id": "{Spring}", "new_id": "{Summer}"}
NONE = {"old": "Spring", "new": None, "old_id": "{Spring}", "new_id": None}
STARTED = {"old": "Todo", "new": "In progress"}
WRITERS: dict[str, tuple[str, Way, dict[str, Any]]] = {
    "labelled by one": ("labelled", one(labels=["defect"]), SWAPPED),
    "labelled by many": ("labelled", many(add_labels=["defect"], remove_labels=["bug"]), SWAPPED),
    "labelled by merging": ("labelled", merged, SWAPPED),
    "untied by one": ("labelled", one(labels=[]), UNTIED),
    "untied by many": ("labelled", many(remove_labels=["bug"]), UNTIED),
    "untied by deleting": ("labelled", ended("labels/{bug}"), UNTIED),
    "unassigned by one": ("assigned", one(assignees=[]), LEFT),
    "unassigned by many": ("assigned", many(remove_assignees=["{member}"]), LEFT),
    "unassigned by removing": ("assigned", ended("members/{member}"), LEFT),
    "milestoned by one": ("milestoned", one(milestone="{Summer}"), SUMMER),
    "milestoned by many": ("milestoned", many(milestone="{Summer}"), SUMMER),
    "milestoned by closing": ("milestoned", closed, SUMMER),
    "taken by one": ("milestoned", one(milestone=None), NONE),
    "taken by many": ("milestoned", many(milestone=None), NONE),
    "taken by deleting": ("milestoned", ended("milestones/{Spring}"), NONE),
    "moved by one": ("moved_status", one(status="In progress"), STARTED),
    "moved by many": ("moved_status", many(status="In progress"), STARTED),
    "moved by deleting": ("moved_status", ended("statuses/{Todo}", to="{In progress}"), STARTED),
    "moved on the board": ("moved_status", carried, STARTED),
}
by_each = pytest.mark.parametrize("writer", WRITERS)
SOUGHT = {
    "labelled": "was:label:bug",
    "assigned": "was:assignee:#{member}",
    "milestoned": "was:milestone:Spring",
    "moved_status": "was:status:Todo",
}


@by_each
def test_the_event_says_the_same(ground, writer):
    kind, act, told = WRITERS[writer]
    act(ground)
    newest = ground.newest()[0]
    assert newest["kind"] == kind
    assert {name: newest["data"].get(name) for name in told} == ground.filled(told)


@by_each
def test_it_is_the_next_version_and_the_latest_change(ground, writer):
    before = ground.aged()
    WRITERS[writer][1](ground)
    now = ground.issue()
    assert now["version"] == before["version"] + 1
    assert now["updated_at"] > before["updated_at"]


@by_each
def test_who_edits_what_was_there_before_hears_of_it(ground, writer):
    version = ground.issue()["version"]
    WRITERS[writer][1](ground)
    ground.client.patch(f"{ISSUES}/1", {"title": "Late"}, status=412, headers={"If-Match": f'"{version}"'})


@by_each
def test_lists_show_it(ground, writer):
    before = ground.client.get(ISSUES)["items"]
    WRITERS[writer][1](ground)
    listed = ground.client.get(ISSUES)["items"]
    assert listed != before
    assert listed[0].items() <= ground.issue().items()


@by_each
def test_the_past_finds_it(ground, writer):
    kind, act, _ = WRITERS[writer]
    act(ground)
    assert ground.found(SOUGHT[kind].format(**ground.ids)) == [1]


CANCELED = {
    "by one": one(status="Canceled"),
    "by many": many(status="Canceled"),
    "by deleting": ended("statuses/{Done}", to="{Canceled}"),
}


@pytest.mark.parametrize("way", CANCELED)
def test_why_it_is_closed_follows_from_its_status(ground, way):
    one(status="Done")(ground)
    CANCELED[way](ground)
    now = ground.issue()
    assert (now["status"], now["state"], now["close_reason"]) == ("Canceled", "closed", "not_planned")
    told = {event["kind"]: event["data"] for event in ground.newest(2)}
    assert (told["reclosed"]["reason"], told["reclosed"]["old"]) == ("not_planned", "completed")
    assert "moved_status" in told
    assert ground.client.get(WALL)["closed_issues"] == 1
