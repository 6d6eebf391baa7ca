"""Finding issues by what happened to them."""

import pytest

from webapp.db import db, transacting

URL = "/projects/WALL/issues"


@pytest.fixture
def wall(app, api, ada, eve, make):
    """Four issues with a past. That of the third was ten days ago."""
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    ours = api(ada)
    ours.post("/projects/WALL/members", {"email": eve.email, "role": "member"})
    spring = ours.post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    for number in range(1, 5):
        make.issue(project, ada, title=f"Stone {number}")
    for change in ({"status": "In review"}, {"status": "In progress"}, {"priority": "urgent"}, {"priority": "low"}):
        ours.patch(f"{URL}/1", change)
    for state in ("closed", "open", "closed", "open"):
        ours.patch(f"{URL}/2", {"state": state})
    theirs = api(eve)
    theirs.patch(f"{URL}/3", {"status": "In review", "assignees": [eve.id], "labels": ["bug"], "milestone": spring})
    with app.app_context(), transacting():
        ago = "now() - interval '10 days'"
        db.session.execute(db.text(f"UPDATE events SET created_at = {ago} WHERE actor_id = :eve"), {"eve": eve.id})
        db.session.execute(db.text(f"UPDATE issues SET created_at = {ago} WHERE number = 3"))
    ours.patch(f"{URL}/3", {"assignees": [], "labels": [], "milestone": None})
    ours.patch(f"{URL}/4", {"status": "In review"})
    return lambda q: sorted(one["number"] for one in api(ada).get(URL, query_string={"q": q})["items"])


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ('was:status:"in review"', [1, 3, 4]),
        ('was:status:"In progress"', [1]),
        ("-was:status:backlog", []),
        ("was:priority:urgent", [1]),
        ("was:assignee:eve", [3]),
        ("assignee:eve", []),
        ("was:label:bug", [3]),
        ("was:milestone:spring", [3]),
        ("changed:status", [1, 2, 3, 4]),
        ("changed:assignee after:-30d", [3]),
        ("changed:status after:-5d", [1, 2, 4]),
        ("changed:status before:5d", [3]),
        ("changed:status by:eve", [3]),
        ("changed:status by:@me before:-5d", []),
        ('changed:status from:"in review" to:"in progress"', [1]),
        ("changed:priority to:urgent", [1]),
        ("changed:state", [2]),
        ("changed:title,priority", [1]),
        ("reopened:>1", [2]),
        ("reopened:2", [2]),
        ("reopened:>2", []),
        ("reopened:<1", [1, 3, 4]),
        ("reopened:0", [1, 3, 4]),
        ('in:"in review"', [3, 4]),
        ('in:"in review" for:>5d', [3]),
        ('in:"in review" for:<5d', [4]),
        ("in:backlog,todo for:<1h", [2]),
    ],
)
def test_a_query_looks_back(wall, q, numbers):
    assert wall(q) == numbers


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("changed:satus", "Did you mean status"),
        ("changed:status after:soon", "This is no date"),
        ("changed:status after:>2d", "takes one time"),
        ("after:2026", "only follows changed:"),
        ("in:todo for:long", "as in for:>5d"),
        ("reopened:often", "takes a number"),
        ("was:label:>bug", "it takes names"),
        ("was:priority:hgih", "Did you mean high"),
        ("is:open for:>5d", "only follows in:"),
    ],
)
def test_what_a_look_back_cannot_mean_is_told(api, ada, wall, q, said):
    problem = api(ada).get(URL, query_string={"q": q}, status=422)
    assert said in problem["errors"][0]["message"]
