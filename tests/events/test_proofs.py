"""Every field through every writer: what the events say is what has become of the issue, and leads back."""

import json
from typing import Any

import pytest

from tests.events.proving import Proof, proves

PROJECT = "/projects/WALL"
URL = f"{PROJECT}/issues"


class Wall:
    """A project whose first issue has everything that an issue can have, and what else a change needs."""

    def __init__(self, app, api, browser, make, ada):
        self.app, self.ada, self.api, self.browser = app, ada, api(ada), browser(ada)
        self.project, self.scree = make.project(ada, key="WALL"), make.project(ada, key="SCREE")
        self.member = make.member(self.project, "member").id
        for name in ("bug", "old", "area::a", "area::b"):
            make.label(self.project, ada, name)
        self.spring, self.summer = (
            self.api.post(f"{PROJECT}/milestones", {"title": title})["id"] for title in ("Spring", "Summer")
        )
        for number in range(1, 5):
            make.issue(self.project, ada, title=f"Stone {number}")
        self.api.patch(
            f"{URL}/1",
            {
                "labels": ["old", "area::a"], "assignees": [self.member], "milestone": self.spring, "priority": "low",
                "estimate": 1, "start_on": "2026-01-01", "due_on": "2026-02-01", "status": "In review", "parent": 4,
            },
        )  # fmt: skip
        self.labels = {one["name"]: one["id"] for one in self.api.get(f"{PROJECT}/labels")["items"]}
        self.statuses = {one["name"]: one["id"] for one in self.api.get(f"{PROJECT}/statuses")["items"]}

    def given(self, value):
        """A value of a test's name as it is here."""
        named = {"SPRING": self.spring, "SUMMER": self.summer, "ADA": self.ada.id, "MEMBER": self.member}
        if isinstance(value, list):
            return [self.given(one) for one in value]
        return named.get(value, value) if isinstance(value, str) else value

    def sent(self, fields):
        return {key: self.given(value) for key, value in fields.items()}

    def proves(self, action):
        return proves(self.app, action)


@pytest.fixture
def wall(app, api, browser, make, ada):
    return Wall(app, api, browser, make, ada)


FIELDS: list[dict[str, Any]] = [
    {"title": "Another"},
    {"body": "Another text"},
    {"priority": "urgent"},
    {"status": "In progress"},
    {"status": "Done"},
    {"state": "closed"},
    {"state": "closed", "close_reason": "not_planned"},
    {"state": "closed", "resolution_note": "Renewed"},
    {"duplicate_of": "#2", "resolution_note": "As before"},
    {"milestone": "SUMMER"},
    {"milestone": None},
    {"start_on": "2026-03-01"},
    {"start_on": None},
    {"due_on": "2026-12-24"},
    {"estimate": 5},
    {"estimate": None},
    {"parent": 3},
    {"parent": None},
    {"labels": ["bug", "area::b"]},
    {"labels": []},
    {"assignees": ["ADA"]},
    {"assignees": []},
    {"title": "All", "priority": "high", "state": "closed", "milestone": None, "labels": [], "estimate": 8},
]
MANY = [
    {"priority": "urgent"},
    {"status": "In progress"},
    {"state": "closed"},
    {"state": "closed", "close_reason": "duplicate"},
    {"state": "closed", "resolution_note": "Renewed"},
    {"milestone": "SUMMER"},
    {"milestone": None},
    {"start_on": "2026-03-01"},
    {"due_on": None},
    {"estimate": 5},
    {"add_labels": ["bug", "area::b"], "remove_labels": ["old"]},
    {"add_assignees": ["ADA"], "remove_assignees": ["MEMBER"]},
    {"delete": True},
]


def named(fields):
    return json.dumps(fields)


@pytest.mark.parametrize("fields", FIELDS, ids=named)
def test_one_issue_is_changed_and_changed_back(wall, fields):
    wall.proves(lambda: wall.api.patch(f"{URL}/1", wall.sent(fields)))
    change = wall.api.get(f"{URL}/1/events")["items"][-1]["change_id"]
    if "body" not in fields:
        wall.proves(lambda: wall.api.post(f"{URL}/1/undo", {"change": change}, status=200))
    wall.api.patch(f"{URL}/1", {"state": "closed"})
    wall.proves(lambda: wall.api.patch(f"{URL}/1", {"close_reason": "not_planned"}))
    wall.proves(lambda: wall.api.patch(f"{URL}/1", {"state": "open"}))


@pytest.mark.parametrize("fields", [one for one in FIELDS if "duplicate_of" not in one], ids=named)
def test_a_form_is_sent(wall, fields):
    form = {key: "" if value in (None, []) else value for key, value in wall.sent(fields).items()}
    form = {key: ["", *value] if isinstance(value, list) else value for key, value in form.items()}
    wall.proves(lambda: wall.browser.post(f"{URL}/1", form))


@pytest.mark.parametrize("fields", MANY, ids=named)
def test_many_are_changed_and_changed_back(wall, fields):
    body = {"numbers": [1, 2, 3], **wall.sent(fields)}
    done = wall.proves(lambda: wall.api.patch(URL, body))
    assert done["changed"] >= 1
    wall.proves(lambda: wall.api.post(f"{URL}/undo", {"change": done["change_id"]}, status=200))


@pytest.mark.parametrize(
    ("by", "column"),
    [
        ("status", "Done"), ("status", "In progress"), ("priority", "high"),
        ("assignee", "none"), ("milestone", "none"), ("milestone", "Summer"),
    ],
)  # fmt: skip
def test_a_card_is_moved(wall, by, column):
    board = wall.api.get(f"{PROJECT}/board?by={by}")
    columns = {one["name"]: one["key"] for one in board["columns"]}
    move = {"number": 1, "by": by, "column": columns.get(column, column)}
    wall.proves(lambda: wall.api.post(f"{PROJECT}/board/moves", move, status=200))


@pytest.mark.parametrize("name", ["old", "area::a"])
def test_a_label_is_deleted_or_merged(wall, name):
    other = wall.labels["bug" if name == "old" else "area::b"]
    wall.api.patch(f"{URL}/2", {"labels": [name, "bug"]})
    wall.proves(lambda: wall.api.post(f"{PROJECT}/labels/{wall.labels[name]}/merge", {"into": other}, status=200))
    wall.proves(lambda: wall.api.delete(f"{PROJECT}/labels/{other}"))


def test_a_milestone_is_closed_or_deleted(wall):
    wall.api.patch(f"{URL}/2", {"milestone": wall.spring})
    wall.api.patch(f"{URL}/2", {"state": "closed"})
    closing = {"state": "closed", "move_to": wall.summer}
    wall.proves(lambda: wall.api.patch(f"{PROJECT}/milestones/{wall.spring}", closing))
    wall.proves(lambda: wall.api.delete(f"{PROJECT}/milestones/{wall.summer}"))
    wall.proves(lambda: wall.api.delete(f"{PROJECT}/milestones/{wall.spring}"))


@pytest.mark.parametrize(("status", "to"), [("In review", "Todo"), ("Done", "Canceled"), ("Canceled", "Done")])
def test_a_status_is_deleted(wall, status, to):
    wall.api.patch(f"{URL}/1", {"status": status})
    wall.proves(
        lambda: wall.api.delete(f"{PROJECT}/statuses/{wall.statuses[status]}", json={"to": wall.statuses[to]})
    )


def test_a_member_leaves(wall):
    wall.proves(lambda: wall.api.delete(f"{PROJECT}/members/{wall.member}"))


def test_an_issue_is_deleted_and_restored(wall):
    wall.proves(lambda: wall.api.delete(f"{URL}/1"))
    wall.proves(lambda: wall.api.post(f"{URL}/1/restoration", status=200))


def test_a_plain_issue_is_moved(wall):
    wall.proves(lambda: wall.api.post(f"{URL}/2/move", {"project": "SCREE"}, status=200))


def test_an_issue_is_moved(wall):
    wall.proves(lambda: wall.api.post(f"{URL}/1/move", {"project": "SCREE"}, status=200))


@pytest.fixture
def cooling(wall):
    """What WALL-1 has, that SCREE knows nothing of: its status too, and an issue that is a part of it."""
    wall.api.post(f"{PROJECT}/statuses", {"name": "Cooling", "category": "started"})
    wall.api.patch(f"{URL}/1", {"status": "Cooling"})
    wall.api.patch(f"{URL}/2", {"parent": 1})


def test_an_issue_is_moved_and_moved_back(wall, cooling):
    wall.proves(lambda: wall.api.post(f"{URL}/1/move", {"project": "SCREE"}, status=200))
    moved = wall.api.get("/projects/SCREE/issues/1/events")["items"][-1]["data"]
    assert (moved["left_behind"]["status"]["name"], moved["status"]["name"]) == ("Cooling", "Backlog")
    names = {one: {"name": f"{one} as it is called now"} for one in ("old", "area::a")}
    for name, renamed in names.items():
        wall.api.patch(f"{PROJECT}/labels/{wall.labels[name]}", renamed)
    wall.proves(lambda: wall.api.post("/projects/SCREE/issues/1/move", {"project": "WALL"}, status=200))


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_move_is_undone(wall, cooling, state):
    wall.api.patch(f"{URL}/1", {"state": state, "force": True})
    moved = wall.proves(lambda: wall.api.post(f"{URL}/1/move", {"project": "SCREE"}, status=200))
    undo = {"change": moved["change_id"]}
    wall.proves(lambda: wall.api.post("/projects/SCREE/issues/1/undo", undo, status=200))
    done = wall.proves(lambda: wall.api.patch(URL, {"numbers": [1, 2, 4], "move_to": "SCREE"}))
    wall.proves(lambda: wall.api.post(f"{URL}/undo", {"change": done["change_id"]}, status=200))


def test_many_are_moved(wall):
    wall.proves(lambda: wall.api.patch(URL, {"numbers": [1, 2, 4], "move_to": "SCREE"}))


def test_a_part_and_a_relation_are_made(wall):
    for kind, other in (("parent", "#3"), ("child", "#2"), ("blocks", "#3"), ("duplicates", "#2")):
        wall.proves(
            lambda kind=kind, other=other: wall.api.post(f"{URL}/1/relations", {"kind": kind, "issue": other})
        )


@pytest.mark.parametrize("body", ["Fixes #1", "fixes #1 and closes #2", "See #1"])
def test_a_comment_closes_others(wall, body):
    wall.proves(lambda: wall.api.post(f"{URL}/3/comments", {"body": body, "state": "closed", "force": True}))


def test_tasks_are_ticked(wall):
    wall.api.patch(f"{URL}/1", {"body": "- [ ] Mix\n- [x] Buy"})
    wall.proves(lambda: wall.api.post(f"{URL}/1/tasks", {"done": [1]}, status=200))


def test_a_proof_finds_what_no_event_tells(app, wall):
    from webapp.db import db, transacting

    proof = Proof(app)
    with app.app_context(), transacting():
        db.session.execute(db.text("UPDATE issues SET priority = 4, milestone_id = NULL WHERE number = 1"))
    assert {one.field for one in proof.differences()} == {"priority", "milestone", "milestone_id"}
