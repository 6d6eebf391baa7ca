"""Each kind of event, and everybody who may have to do with it: who hears, and why."""

from urllib.parse import urlsplit

import pytest

from tests.hearing.conftest import URL
from webapp.events.kinds import KINDS
from webapp.jobs.worker import drain

ONE = f"{URL}/1"
# Who takes part, and for what reason; who watches all.
PART = {"author": "author", "assignee": "assigned", "commenter": "commented", "named": "mentioned"}
ALL = {"all": "watching", "all_here": "watching"}
# Who takes part hears of what is said, and of what becomes of the issue; of other changes only who wants all.
HEARD_BY_MANY, HEARD_BY_FEW = PART | ALL, ALL

CASES = {
    "commented": (lambda wall: wall.api.post(f"{ONE}/comments", {"body": "Seen."}), HEARD_BY_MANY),
    "closed": (lambda wall: wall.api.patch(ONE, {"state": "closed"}), HEARD_BY_MANY),
    "reopened": (
        lambda wall: (wall.api.patch(ONE, {"state": "closed"}), wall.forget(), wall.api.patch(ONE, {"state": "open"})),
        HEARD_BY_MANY,
    ),
    "reclosed": (
        lambda wall: (
            wall.api.patch(ONE, {"state": "closed"}), wall.forget(), wall.api.patch(ONE, {"close_reason": "duplicate"})
        ),
        HEARD_BY_FEW,
    ),
    "moved_status": (lambda wall: wall.api.patch(ONE, {"status": "In progress"}), HEARD_BY_MANY),
    "deleted": (lambda wall: wall.api.delete(ONE), {}),
    "restored": (
        lambda wall: (wall.api.delete(ONE), wall.forget(), wall.api.post(f"{ONE}/restoration", status=200)),
        HEARD_BY_MANY,
    ),
    "opened": (lambda wall: wall.api.post(URL, {"title": "New"}), {"all": "watching", "new": "new_issue"}),
    "assigned": (
        lambda wall: wall.api.patch(ONE, {"assignees": [wall.who["member"].id, wall.who["muted_assignee"].id]}),
        {"member": "assigned", "assignee": "assigned", **ALL},
    ),
    "assigned to who wants nothing": (
        lambda wall: wall.api.patch(ONE, {"assignees": [wall.who[one].id for one in ("mute", "nothing")]}),
        {"mute": "assigned", "assignee": "assigned", "muted_assignee": "assigned", **ALL},
    ),
    "opened for somebody": (
        lambda wall: wall.api.post(
            URL,
            {"title": "New", "body": f"@{wall.handles['nothing']} @{wall.handles['mute']}",
             "assignees": [wall.who["member"].id]},
        ),
        {"member": "assigned", "mute": "mentioned", "all": "watching", "new": "new_issue"},
    ),
    "commented with a name": (
        lambda wall: wall.api.post(
            f"{ONE}/comments", {"body": f"@{wall.handles['mute']}, @{wall.handles['nothing']} and @{wall.handles['all']}"}
        ),
        HEARD_BY_MANY | {"mute": "mentioned", "all": "mentioned"},
    ),
    "described": (lambda wall: wall.api.patch(ONE, {"body": "Another"}), HEARD_BY_FEW),
    "described with a name": (
        lambda wall: wall.api.patch(ONE, {"body": f"@{wall.handles['named']} and @{wall.handles['member']}"}),
        HEARD_BY_FEW | {"member": "mentioned"},
    ),
    "comment_edited": (
        lambda wall: (
            wall.api.post(f"{ONE}/comments", {"body": "Seen."}), wall.forget(),
            wall.api.patch(f"{ONE}/comments/{wall.last_comment()}", {"body": f"@{wall.handles['member']}"}),
        ),
        {"member": "mentioned"},
    ),
    "comment_privacy": (
        lambda wall: (
            wall.api.post(f"{ONE}/comments", {"body": f"@{wall.handles['nothing']}", "private": True}), wall.forget(),
            wall.api.patch(f"{ONE}/comments/{wall.last_comment()}", {"private": False}),
        ),
        {},
    ),
    "comment_deleted": (
        lambda wall: (
            wall.api.post(f"{ONE}/comments", {"body": f"@{wall.handles['member']}"}),
            wall.api.delete(f"{ONE}/comments/{wall.last_comment()}"),
        ),
        {},
    ),
    "comment_restored": (
        lambda wall: (
            wall.api.post(f"{ONE}/comments", {"body": f"@{wall.handles['member']}"}),
            wall.api.delete(f"{ONE}/comments/{wall.last_comment()}"), wall.forget(),
            wall.api.post(f"{ONE}/comments/{wall.last_comment()}/restoration", status=200),
        ),
        {},
    ),
    "moved": (
        lambda wall: (
            wall.let_into(wall.make.project(wall.ada, key="GATE"), "author", "all"),
            wall.api.post(f"{ONE}/move", {"project": "GATE"}, status=200),
        ),
        {"author": "author"},
    ),
    "ticked": (
        lambda wall: (
            wall.api.patch(ONE, {"body": "- [ ] Mix"}), wall.forget(),
            wall.api.post(f"{ONE}/tasks", {"done": [0]}, status=200),
        ),
        HEARD_BY_FEW,
    ),
    "text_forgotten": (
        lambda wall: (
            wall.api.patch(ONE, {"body": "Another"}), wall.forget(),
            wall.api.delete(f"{ONE}/history/{wall.run('SELECT max(version) FROM text_versions')[0][0]}"),
        ),
        {},
    ),
    "renamed": (lambda wall: wall.api.patch(ONE, {"title": "Another"}), HEARD_BY_FEW),
    "privacy": (lambda wall: wall.api.patch(ONE, {"private": True}), HEARD_BY_FEW),  # all of them are the team
    "prioritised": (lambda wall: wall.api.patch(ONE, {"priority": "high"}), HEARD_BY_FEW),
    "estimated": (lambda wall: wall.api.patch(ONE, {"estimate": 3}), HEARD_BY_FEW),
    "started": (lambda wall: wall.api.patch(ONE, {"start_on": "2026-03-01"}), HEARD_BY_FEW),
    "scheduled": (lambda wall: wall.api.patch(ONE, {"due_on": "2026-03-01"}), HEARD_BY_FEW),
    "labelled": (
        lambda wall: (wall.make.label(wall.project, wall.ada, "bug"), wall.api.patch(ONE, {"labels": ["bug"]})),
        HEARD_BY_FEW,
    ),
    "milestoned": (
        lambda wall: wall.api.patch(
            ONE, {"milestone": wall.api.post("/projects/WALL/milestones", {"title": "Spring"})["id"]}
        ),
        HEARD_BY_FEW,
    ),
    "noted": (
        lambda wall: (
            wall.api.patch(ONE, {"state": "closed"}), wall.forget(),
            wall.api.patch(ONE, {"resolution_note": "As before"}),
        ),
        HEARD_BY_FEW,
    ),
    "reparented": (
        lambda wall: (
            wall.make.issue(wall.project, wall.ada), wall.forget(), wall.api.patch(ONE, {"parent": 2}),
        ),
        HEARD_BY_FEW,
    ),
    "linked": (
        lambda wall: (
            wall.make.issue(wall.project, wall.ada), wall.watch_off("all"), wall.forget(),
            wall.api.post(f"{ONE}/relations", {"kind": "blocks", "issue": "2"}),
        ),
        {"all_here": "watching"},
    ),
    "unlinked": (
        lambda wall: (
            wall.make.issue(wall.project, wall.ada), wall.watch_off("all"),
            wall.api.post(f"{ONE}/relations", {"kind": "blocks", "issue": "2"}), wall.forget(),
            wall.api.delete(f"{ONE}/relations/{wall.run('SELECT max(id) FROM issue_links')[0][0]}"),
        ),
        {"all_here": "watching"},
    ),
    "committed": (lambda wall: arrives(wall, commits=[{"id": "a" * 40, "message": "See WALL-1."}]), {}),
    "merge_requested": (
        lambda wall: arrives(
            wall, merge_request={"number": 5, "title": "See WALL-1", "url": "https://a.example/5", "state": "open"}
        ),
        HEARD_BY_FEW,
    ),
}  # fmt: skip


def arrives(wall, **payload):
    """A connected repository tells of this."""
    made = wall.api.post("/projects/WALL/code-hosts", {"kind": "plain"})
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    sent = {"branch": "main", **payload}
    answer = wall.make.app.test_client().post(urlsplit(made["hook_url"]).path, json=sent, headers=bearer)
    assert answer.status_code == 202, answer.text
    drain(wall.make.app)


@pytest.mark.parametrize("name", CASES)
def test_whoever_has_to_do_with_it_hears_of_it_for_the_strongest_reason(wall, name):
    do, expected = CASES[name]
    do(wall)
    assert wall.told() == expected


def test_each_kind_of_event_has_its_case():
    told = {kind for kind, one in KINDS.items() if one.stored}
    assert told - {name.partition(" ")[0] for name in CASES} == set()
