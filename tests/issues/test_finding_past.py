"""Finding issues by what happened to them."""

import json

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


# They only read: one project answers all of them, as making it takes far longer.
ASKED = [
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
]


def test_a_query_looks_back(wall):
    assert [(q, wall(q)) for q, _ in ASKED] == ASKED


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("changed:satus", "Did you mean status"),
        ("changed:status after:soon", "This is no date"),
        ("changed:status after:>2d", "takes one time"),
        ("after:2026", "only follows changed:"),
        ("in:todo for:long", "as in for:>5d"),
        ("reopened:often", "takes a number"),
        ("was:label:>bug", "takes names"),
        ("was:priority:hgih", "Did you mean high"),
        ("is:open for:>5d", "only follows in:"),
    ],
)
def test_what_a_look_back_cannot_mean_is_told(api, ada, wall, q, said):
    problem = api(ada).get(URL, query_string={"q": q}, status=422)
    assert said in problem["errors"][0]["message"]


@pytest.fixture
def things(api, ada, make):
    """An issue with a label, a milestone, a status and an assignee of its own, and what removes each of them."""
    project = make.project(ada, key="WALL")
    ours = api(ada)
    make.label(project, ada, "Bug")
    member = make.member(project, "member")
    spring = ours.post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    make.issue(project, ada, assignees=[member.id])
    fields = {"labels": ["Bug"], "milestone": spring, "status": "In review"}
    ours.patch(f"{URL}/1", fields)
    [label] = ours.get("/projects/WALL/labels")["items"]
    statuses = {one["name"]: one["id"] for one in ours.get("/projects/WALL/statuses")["items"]}
    return {
        "label": (f"labels/{label['id']}", "name", None),
        "milestone": (f"milestones/{spring}", "title", None),
        "status": (f"statuses/{statuses['In review']}", "name", {"to": statuses["Todo"]}),
        "assignee": (f"members/{member.id}", "", None),
        "leaver": member.id,
    }


def found(api, who, q):
    return [one["number"] for one in api(who).get(URL, query_string={"q": q})["items"]]


@pytest.mark.parametrize(("field", "name"), [("label", "bug"), ("milestone", "spring"), ("status", '"in review"')])
def test_what_was_deleted_is_found_by_the_name_that_it_had(api, ada, things, field, name):
    at, _, body = things[field]
    api(ada).delete(f"/projects/WALL/{at}", json=body)
    assert found(api, ada, f"was:{field}:{name}") == [1]
    assert found(api, ada, f"changed:{field} from:{name}") == [1]
    assert found(api, ada, f"was:{field}:other") == []


@pytest.mark.parametrize(("field", "name"), [("label", "bug"), ("milestone", "spring"), ("status", '"in review"')])
def test_what_was_renamed_is_found_by_its_names_of_then_and_now(api, ada, things, field, name):
    at, key, _ = things[field]
    taken_away = {"label": {"labels": []}, "milestone": {"milestone": None}, "status": {"status": "Todo"}}
    api(ada).patch(f"{URL}/1", taken_away[field])
    api(ada).patch(f"/projects/WALL/{at}", {key: "Renamed"})
    assert found(api, ada, f"was:{field}:{name}") == found(api, ada, f"was:{field}:renamed") == [1]


def test_whom_an_issue_was_taken_from_as_they_left_is_found(api, ada, things):
    api(ada).delete(f"/projects/WALL/{things['assignee'][0]}")
    assert found(api, ada, f"assignee:#{things['leaver']}") == []
    assert found(api, ada, f"was:assignee:#{things['leaver']}") == [1]


@pytest.mark.parametrize("how", ["closed", "deleted"])
def test_a_milestone_whose_issues_moved_on_is_found(api, ada, how):
    api(ada).post("/projects", {"key": "WALL", "name": "Wall"})
    spring, summer = (
        api(ada).post("/projects/WALL/milestones", {"title": title})["id"] for title in ("Spring", "Summer")
    )
    for _ in range(2):
        api(ada).post(URL, {"title": "A stone", "milestone": spring})
    api(ada).patch(f"{URL}/2", {"milestone": None})
    if how == "closed":
        api(ada).patch(f"/projects/WALL/milestones/{spring}", {"state": "closed", "move_to": summer})
    else:
        api(ada).delete(f"/projects/WALL/milestones/{spring}")
    assert sorted(found(api, ada, "was:milestone:spring")) == [1, 2]


def test_what_a_move_left_behind_is_found(app, api, ada, things):
    left = {"labels": [{"id": 1, "name": "Mossy"}], "milestone": {"id": 2, "name": "Autumn"}}
    with app.app_context(), transacting():
        db.session.execute(
            db.text(
                "INSERT INTO events (project_id, issue_id, actor_id, change_id, kind, data)"
                " SELECT project_id, id, author_id, gen_random_uuid(), 'moved', CAST(:data AS jsonb) FROM issues"
            ),
            {"data": json.dumps({"from": "SCREE-1", "to": "WALL-1", "left_behind": left})},
        )
    assert found(api, ada, "was:label:mossy") == found(api, ada, "was:milestone:autumn") == [1]
    assert found(api, ada, "was:label:autumn") == found(api, ada, "changed:parent") == []
    assert found(api, ada, "changed:label") == [1]


@pytest.mark.parametrize("name", ["none", "*", "#12"])
@pytest.mark.parametrize(
    ("field", "place", "sent"), [("label", "labels", "labels"), ("milestone", "milestones", "milestone")]
)
def test_what_is_called_like_a_special_word_is_only_meant_by_its_name(wall, api, ada, name, field, place, sent):
    made = api(ada).post(f"/projects/WALL/{place}", {"name" if field == "label" else "title": name})
    for value in ([name], []) if field == "label" else (made["id"], None):
        api(ada).patch(f"{URL}/1", {sent: value})
    assert wall(f'was:{field}:"{name}"') == [1]
    assert 1 not in wall(f"was:{field}:none is:open -no:{field}")
    assert wall(f"was:{field}:{name}") == wall(f"{field}:{name}")
