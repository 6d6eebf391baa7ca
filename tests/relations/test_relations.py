"""What issues have to do with each other."""

import pytest

ISSUES = "/projects/WALL/issues"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    for title in ("One", "Two", "Three"):
        make.issue(project, ada, title=title)
    return project


def tied(api, who, number, url=ISSUES):
    return [(one["kind"], one["issue"]["key"]) for one in api(who).get(f"{url}/{number}/relations")["items"]]


def tie(api, who, number, kind, issue, status=201):
    return api(who).post(f"{ISSUES}/{number}/relations", {"kind": kind, "issue": issue}, status=status)


@pytest.mark.parametrize(
    ("kind", "back"),
    [
        ("blocks", "blocked_by"),
        ("blocked_by", "blocks"),
        ("relates", "relates"),
        ("duplicates", "duplicated_by"),
        ("duplicated_by", "duplicates"),
        ("parent", "child"),
        ("child", "parent"),
    ],
)
def test_a_relation_is_told_from_both_sides(api, ada, project, kind, back):
    tie(api, ada, 1, kind, "#2")
    assert tied(api, ada, 1) == [(kind, "WALL-2")]
    assert tied(api, ada, 2) == [(back, "WALL-1")]


def test_both_timelines_tell_it_and_its_end(api, ada, project):
    relation = tie(api, ada, 1, "blocks", "WALL-2")
    api(ada).delete(f"{ISSUES}/1/relations/{relation['id']}")
    assert tied(api, ada, 1) == []
    last = [api(ada).get(f"{ISSUES}/{number}/events")["items"][-2:] for number in (1, 2)]
    assert [event["kind"] for event in last[0]] == ["linked", "unlinked"]
    assert last[1][0]["data"] == {"kind": "blocked_by", "issue": "WALL-1"}


@pytest.mark.parametrize(
    ("kind", "issue", "status"),
    [
        ("blocks", "#1", 422),
        ("blocks", "#99", 422),
        ("blocks", "NOPE-1", 422),
        ("blocks", "9999999999999999999", 422),
        ("blocks", "one", 422),
        ("loves", "#2", 422),
        ("blocks", "#2", 409),
        ("relates", "#3", 409),
    ],
)
def test_what_cannot_be_tied_is_refused(api, ada, project, kind, issue, status):
    tie(api, ada, 1, "blocks", "#2")
    tie(api, ada, 3, "relates", "#1")
    assert tie(api, ada, 1, kind, issue, status=status)["errors"][0]["field"] in ("issue", "kind")


@pytest.mark.parametrize("kind", ["blocks", "duplicates", "parent"])
def test_a_circle_is_refused_with_its_path(api, ada, project, kind):
    tie(api, ada, 1, kind, "#2")
    tie(api, ada, 2, kind, "#3")
    problem = tie(api, ada, 3, kind, "#1", status=422)
    assert "WALL-3 → WALL-1 → WALL-2 → WALL-3" in problem["errors"][0]["message"]


def test_a_parent_tells_how_far_its_parts_are(api, ada, project):
    for number in (2, 3):
        api(ada).patch(f"{ISSUES}/{number}", {"parent": 1})
    api(ada).patch(f"{ISSUES}/2", {"state": "closed"})
    assert api(ada).get(f"{ISSUES}/1/relations")["progress"] == {"closed": 1, "total": 2}
    assert api(ada).get(f"{ISSUES}/3")["parent"]["key"] == "WALL-1"


def test_a_parent_with_open_parts_is_closed_only_if_it_is_meant(api, ada, project):
    api(ada).patch(f"{ISSUES}/2", {"parent": 1})
    problem = api(ada).patch(f"{ISSUES}/1", {"state": "closed"}, status=409)
    assert (problem["title"], problem["errors"][0]["field"]) == ("Something is in the way", "force")
    assert "WALL-2" in problem["errors"][0]["message"]
    assert api(ada).patch(f"{ISSUES}/1", {"state": "closed", "force": True})["state"] == "closed"


def test_a_blocked_issue_is_completed_only_if_it_is_meant(api, ada, project):
    tie(api, ada, 1, "blocked_by", "#2")
    assert "WALL-2" in api(ada).patch(f"{ISSUES}/1", {"status": "Done"}, status=409)["errors"][0]["message"]
    api(ada).patch(f"{ISSUES}/2", {"state": "closed"})
    api(ada).patch(f"{ISSUES}/1", {"status": "Done"})


def test_the_page_warns_and_can_be_told_to_go_on(browser, api, ada, project):
    tie(api, ada, 1, "blocked_by", "#2")
    someone = browser(ada)
    page = someone.post(f"{ISSUES}/1/closure", {"close_reason": "completed"}, status=409)
    assert page.says("It is blocked by WALL-2.")
    assert "force" in page.ids
    someone.post(f"{ISSUES}/1/closure", {"close_reason": "completed", "force": "true"})
    assert someone.get(f"{ISSUES}/1").says("Closed")
    someone.post(f"{ISSUES}/1/closure/delete")
    assert api(ada).get(f"{ISSUES}/1")["state"] == "open"


def test_a_comment_that_closes_warns_too_and_is_kept(browser, api, ada, project):
    tie(api, ada, 1, "blocked_by", "#2")
    someone = browser(ada)
    page = someone.post(f"{ISSUES}/1/comments", {"body": "Done, I think", "state": "closed"}, status=409)
    assert page.fields["body"] == "Done, I think"
    assert "force" in page.ids
    someone.post(f"{ISSUES}/1/comments", {"body": "Done, I think", "state": "closed", "force": "true"})
    assert api(ada).get(f"{ISSUES}/1")["comment_count"] == 1
    assert api(ada).get(f"{ISSUES}/1")["state"] == "closed"


def test_closing_as_a_duplicate_ties_it_to_the_original(browser, api, ada, project):
    browser(ada).post(f"{ISSUES}/2/closure", {"close_reason": "completed", "duplicate_of": "#1"})
    issue = api(ada).get(f"{ISSUES}/2")
    assert (issue["state"], issue["close_reason"], issue["status"]) == ("closed", "duplicate", "Canceled")
    assert tied(api, ada, 1) == [("duplicated_by", "WALL-2")]
    assert browser(ada).get(f"{ISSUES}/2").says("closed this as duplicate of WALL-1")
    problem = api(ada).patch(f"{ISSUES}/1", {"duplicate_of": "#2"}, status=422)
    assert problem["errors"][0]["field"] == "duplicate_of"


def test_a_hidden_project_does_not_show_through(api, ada, make, eve, project):
    secret = make.project(ada, key="SECRET")
    make.issue(secret, ada, title="Hidden")
    public = make.project(ada, key="OPEN", visibility="public")
    make.issue(public, ada)
    api(ada).post("/projects/OPEN/issues/1/relations", {"kind": "blocked_by", "issue": "SECRET-1"}, status=201)
    assert tied(api, ada, 1, "/projects/OPEN/issues") == [("blocked_by", "SECRET-1")]
    assert tied(api, eve, 1, "/projects/OPEN/issues") == []
    assert "SECRET" not in api().send("GET", "/projects/OPEN/issues/1/events").text
    problem = api(eve).post("/projects/OPEN/issues/1/relations", {"kind": "blocks", "issue": "SECRET-1"}, status=403)
    assert "SECRET" not in str(problem)
    member = make.member(public, "member")
    hidden = api(member).post(
        "/projects/OPEN/issues/1/relations", {"kind": "blocks", "issue": "SECRET-1"}, status=422
    )
    missing = api(member).post(
        "/projects/OPEN/issues/1/relations", {"kind": "blocks", "issue": "SECRET-2"}, status=422
    )
    assert hidden["errors"][0]["message"].replace("-1", "") == missing["errors"][0]["message"].replace("-2", "")
    assert api(member).patch("/projects/OPEN/issues/1", {"state": "closed"})["state"] == "closed"


def test_the_page_ties_and_unties(browser, api, ada, project):
    someone = browser(ada)
    someone.post(f"{ISSUES}/1/relations", {"kind": "blocks", "issue": "2"})
    page = someone.get(f"{ISSUES}/1/relations")
    assert page.says("Blocks WALL-2 Two")
    assert someone.get(f"{ISSUES}/1").says("WALL-2 Two")
    assert (
        someone.post(f"{ISSUES}/1/relations", {"kind": "blocks", "issue": "#77"}, status=422).fields["issue"] == "#77"
    )
    relation = api(ada).get(f"{ISSUES}/1/relations")["items"][0]["id"]
    someone.post(f"{ISSUES}/1/relations/{relation}/delete")
    assert tied(api, ada, 1) == []


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("status", {"status": "In review"}, "In review"),
        ("priority", {"priority": "urgent"}, "Urgent"),
        ("dates", {"start_on": "2026-01-02", "due_on": "2026-03-04"}, "4 Mar 2026"),
        ("estimate", {"estimate": "5"}, "5 points"),
        ("parent", {"parent": "2"}, "WALL-2 Two"),
    ],
)
def test_each_thing_has_a_form_of_its_own(browser, ada, project, part, change, said):
    someone = browser(ada)
    page = someone.get(f"{ISSUES}/1/{part}")
    someone.post(f"{ISSUES}/1", {"version": page.fields["version"], **change})
    assert someone.get(f"{ISSUES}/1").says(said)


def test_people_are_assigned_from_a_form(browser, api, ada, make, project):
    member = make.member(project, "member")
    someone = browser(ada)
    assert someone.get(f"{ISSUES}/1/assignees").says("Member")
    someone.post(f"{ISSUES}/1", {"assignees": ["", str(member.id), str(ada.id)]})
    assert {one["id"] for one in api(ada).get(f"{ISSUES}/1")["assignees"]} == {ada.id, member.id}
    someone.post(f"{ISSUES}/1", {"assignees": [""]})
    assert api(ada).get(f"{ISSUES}/1")["assignees"] == []


def test_a_person_named_twice_is_assigned_once(api, ada, project):
    assert len(api(ada).post(ISSUES, {"title": "x", "assignees": [ada.id, ada.id]})["assignees"]) == 1


def test_nobody_blocks_an_issue_that_they_may_not_edit(api, ada, eve, make, project):
    make.issue(make.project(ada, key="OPEN", visibility="public"), ada)
    make.issue(make.project(eve, key="EVES"), eve)
    body = {"kind": "blocks", "issue": "OPEN-1"}
    api(eve).post("/projects/EVES/issues/1/relations", body, status=403)
    api(eve).post("/projects/EVES/issues/1/relations", {**body, "kind": "relates"})
