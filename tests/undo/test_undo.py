"""Who has just changed something can take it back, with a button of the notice."""

import re
from uuid import UUID

import pytest

from webapp.db import db, transacting

URL = "/projects/WALL/issues/1"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    make.label(project, ada, "old")
    make.issue(project, ada, labels=["old"])
    return project


def last(client):
    return client.get(f"{URL}/events")["items"][-1]["change_id"]


def undo(client, status=200):
    return client.post(f"{URL}/undo", {"change": last(client)}, status=status)


CHANGES = [
    {"title": "Tight"},
    {"labels": ["bug"]},
    {"priority": "high"},
    {"due_on": "2026-03-31", "start_on": "2026-03-01", "estimate": 3},
    {"state": "closed"},
    {"state": "closed", "close_reason": "not_planned", "labels": []},
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_undone_change_leaves_the_issue_as_it_was(api, ada, project, change):
    apart = {"version": 0, "updated_at": 0}
    before = api(ada).get(URL)
    api(ada).patch(URL, change)
    assert {**undo(api(ada)), **apart} == {**before, **apart}
    assert api(ada).get("/projects/WALL")["open_issues"] == 1


def test_a_reopened_issue_is_closed_for_the_same_reason(api, ada, project):
    api(ada).patch(URL, {"state": "closed", "close_reason": "not_planned"})
    api(ada).patch(URL, {"state": "open"})
    assert undo(api(ada))["close_reason"] == "not_planned"


def test_assigning_is_undone(api, ada, make, project):
    member = make.member(project, "member")
    api(ada).patch(URL, {"assignees": [ada.id]})
    api(ada).patch(URL, {"assignees": [member.id]})
    assert [one["id"] for one in undo(api(ada))["assignees"]] == [ada.id]


def test_an_undo_can_be_undone(api, ada, project):
    api(ada).patch(URL, {"title": "Tight"})
    undo(api(ada))
    assert undo(api(ada))["title"] == "Tight"


def test_a_deletion_is_undone(browser, api, ada, project):
    someone = browser(ada)
    page = someone.get(someone.post(f"{URL}/delete").location)
    assert page.says("WALL-1 is deleted.")
    assert someone.get(someone.post(f"{URL}/undo", {"change": page.fields["change"]}).location).says("Undone.")
    assert api(ada).get(URL)["number"] == 1


def test_a_comments_deletion_is_undone_by_whoever_wrote_it(browser, api, make, project):
    reporter = make.member(project, "reporter")
    made = api(reporter).post(f"{URL}/comments", {"body": "Seen."})
    someone = browser(reporter)
    page = someone.get(someone.post(f"{URL}/comments/{made['id']}/delete").location)
    someone.post(f"{URL}/undo", {"change": page.fields["change"]})
    assert api(reporter).get(f"{URL}/comments/{made['id']}")["body"] == "Seen."


@pytest.mark.parametrize("form", [{"state": "closed"}, {"labels": ["", "bug"]}, {"priority": "low"}])
def test_the_notice_has_a_button(browser, api, ada, project, form):
    someone = browser(ada)
    page = someone.get(someone.post(URL, form).location)
    assert re.search(rf'<form method="post" action="{URL}/undo"', page.text)
    someone.post(f"{URL}/undo", {"change": page.fields["change"]})
    after = api(ada).get(URL)
    assert (after["state"], after["priority"], after["labels"][0]["name"]) == ("open", "none", "old")


def test_a_save_that_changes_nothing_offers_no_undo_of_the_one_before(browser, ada, project):
    someone = browser(ada)
    assert "/undo" in someone.get(someone.post(URL, {"priority": "high"}).location).text
    assert "/undo" not in someone.get(someone.post(URL, {"priority": "high"}).location).text


@pytest.mark.parametrize("form", [{"state": "closed"}, {"state": "open"}])
def test_a_comment_that_leaves_the_state_as_it_is_offers_no_undo(browser, api, ada, project, form):
    api(ada).patch(URL, form)
    someone = browser(ada)
    page = someone.get(someone.post(f"{URL}/comments", {"body": "Again.", **form}).location)
    assert "/undo" not in page.text


def test_a_new_text_has_its_history_and_no_undo(browser, ada, project):
    someone = browser(ada)
    assert "/undo" not in someone.get(someone.post(URL, {"body": "Another", "priority": "high"}).location).text


def test_the_button_means_the_change_of_its_request_however_long_that_took(app, browser, api, ada, project):
    someone = browser(ada)
    answer = someone.post(URL, {"priority": "high"})
    with app.app_context(), transacting():
        db.session.execute(db.text("UPDATE events SET created_at = created_at - interval '20 minutes'"))
    page = someone.get(answer.location)
    someone.post(f"{URL}/undo", {"change": page.fields["change"]})
    assert api(ada).get(URL)["priority"] == "none"


def test_what_would_be_too_many_people_is_not_undone(api, ada, make, project):
    people = [make.member(project, "member").id for _ in range(21)]
    api(ada).patch(URL, {"assignees": people[:20]})
    api(ada).patch(URL, {"assignees": people[:19]})
    change = last(api(ada))
    api(make.member(project, "maintainer")).patch(URL, {"assignees": [*people[:19], people[20]]})
    refused = api(ada).post(f"{URL}/undo", {"change": change}, status=409)
    assert "20 at most" in refused["detail"]


def test_a_label_that_is_gone_does_not_come_back(api, ada, project):
    api(ada).patch(URL, {"labels": []})
    change = last(api(ada))
    gone = next(one["id"] for one in api(ada).get("/projects/WALL/labels")["items"] if one["name"] == "old")
    api(ada).delete(f"/projects/WALL/labels/{gone}")
    assert "gone" in api(ada).post(f"{URL}/undo", {"change": change}, status=409)["detail"]


def test_where_nothing_can_be_undone_there_is_no_button(browser, ada, project):
    someone = browser(ada)
    page = someone.get(someone.post(f"{URL}/comments", {"body": "Hello"}).location)
    assert "/undo" not in page.text


def test_only_one_s_own_changes_are_undone(api, ada, make, project):
    api(ada).patch(URL, {"title": "Tight"})
    maintainer = make.member(project, "maintainer")
    api(maintainer).post(f"{URL}/undo", {"change": last(api(ada))}, status=403)


def test_what_was_changed_again_is_not_undone(api, ada, make, project):
    api(ada).patch(URL, {"state": "closed"})
    change = last(api(ada))
    maintainer = make.member(project, "maintainer")
    api(maintainer).patch(URL, {"state": "open"})
    api(ada).post(f"{URL}/undo", {"change": change}, status=409)


def test_what_others_did_to_other_fields_stays(api, ada, make, project):
    api(ada).patch(URL, {"priority": "high", "labels": ["old", "bug"]})
    change = last(api(ada))
    api(make.member(project, "member")).patch(URL, {"title": "Theirs", "labels": ["bug"]})
    after = api(ada).post(f"{URL}/undo", {"change": change}, status=200)
    assert (after["title"], after["priority"], after["labels"]) == ("Theirs", "none", [])


def test_after_an_hour_it_is_too_late(app, api, ada, project):
    api(ada).patch(URL, {"title": "Tight"})
    with app.app_context(), transacting():
        db.session.execute(db.text("UPDATE events SET created_at = created_at - interval '61 minutes'"))
    undo(api(ada), status=409)


@pytest.mark.parametrize(("change", "status"), [(f"{UUID(int=1)}", 409), ("x", 422), (None, 422)])
def test_an_unknown_change_is_not_undone(api, ada, project, change, status):
    api(ada).post(f"{URL}/undo", {"change": change}, status=status)


def test_who_lost_the_right_cannot_undo(app, api, ada, make, project):
    member = make.member(project, "member")
    api(member).patch(URL, {"priority": "high"})
    with app.app_context(), transacting():
        db.session.execute(db.text(f"UPDATE memberships SET role = 'reporter' WHERE user_id = {member.id}"))
    undo(api(member), status=403)


def test_closing_with_a_comment_is_undone_without_it(browser, api, ada, project):
    someone = browser(ada)
    page = someone.get(someone.post(f"{URL}/comments", {"body": "Done.", "state": "closed"}).location)
    someone.post(f"{URL}/undo", {"change": page.fields["change"]})
    after = api(ada).get(URL)
    assert (after["state"], after["comment_count"]) == ("open", 1)


def test_what_deleting_a_milestone_did_to_its_issues_is_not_undone(api, ada, project):
    milestone = api(ada).post("/projects/WALL/milestones", {"title": "Spring"})
    api(ada).patch(URL, {"milestone": milestone["id"]})
    api(ada).delete(f"/projects/WALL/milestones/{milestone['id']}")
    assert "cannot be as it was" in undo(api(ada), 409)["detail"]
    assert api(ada).get(URL)["milestone"] is None


def test_what_leaving_the_project_did_to_the_work_of_who_left_is_not_undone(api, ada, make, project):
    member = make.member(project, "member")
    api(ada).patch(URL, {"assignees": [member.id]})
    api(ada).delete(f"/projects/WALL/members/{member.id}")
    assert "cannot be as it was" in undo(api(ada), 409)["detail"]
    assert api(ada).get(URL)["assignees"] == []


def test_the_parent_that_an_issue_had_in_another_project_is_not_looked_for_in_this_one(api, ada, make, project):
    make.issue(project, ada)
    scree = make.project(ada, key="SCREE")
    make.issue(scree, ada)
    make.issue(scree, ada)
    api(ada).patch(URL, {"parent": 2})
    api(ada).patch(URL, {"parent": None})
    change = last(api(ada))
    moved = api(ada).post(f"{URL}/move", {"project": "SCREE"}, status=200)
    there = f"/projects/SCREE/issues/{moved['number']}"
    assert "nothing to undo" in api(ada).post(f"{there}/undo", {"change": change}, status=409)["detail"]
    assert api(ada).get(there)["parent"] is None


def test_a_comment_is_not_restored_twice_by_undo(api, ada, project):
    comment = api(ada).post(f"{URL}/comments", {"body": "Seen."})
    api(ada).delete(f"{URL}/comments/{comment['id']}")
    change = last(api(ada))
    api(ada).post(f"{URL}/undo", {"change": change}, status=200)
    api(ada).post(f"{URL}/undo", {"change": change}, status=404)
    assert api(ada).get(URL)["comment_count"] == 1
