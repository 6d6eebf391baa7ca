"""The statuses of a project, and an issue's way through them."""

import pytest

URL = "/projects/WALL/statuses"
ISSUES = "/projects/WALL/issues"


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def ids(api, ada, project):
    return {one["name"]: one["id"] for one in api(ada).get(URL)["items"]}


def names(api, ada):
    return [one["name"] for one in api(ada).get(URL)["items"]]


def test_a_project_begins_with_six(api, ada, project):
    assert names(api, ada) == ["Backlog", "Todo", "In progress", "In review", "Done", "Canceled"]
    assert api(ada).post(ISSUES, {"title": "x"})["status"] == "Backlog"


def test_a_new_issue_has_what_is_the_first_status_now(api, ada, project, ids):
    client = api(ada)
    seen = [client.post(ISSUES, {"title": "x"})["status"]]
    client.patch(f"{URL}/{ids['Backlog']}", {"name": "Inbox"})
    seen += [client.post(ISSUES, {"title": "x"})["status"]]
    client.patch(f"{URL}/{ids['Todo']}", {"position": 0})
    seen += [client.post(ISSUES, {"title": "x"})["status"]]
    assert seen == ["Backlog", "Inbox", "Todo"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "In progress"}, ("In progress", "started", "open", None)),
        ({"status": "done"}, ("Done", "done", "closed", "completed")),
        ({"status": "Canceled"}, ("Canceled", "canceled", "closed", "not_planned")),
        ({"status": "Done", "close_reason": "duplicate"}, ("Done", "done", "closed", "duplicate")),
        ({"state": "closed"}, ("Done", "done", "closed", "completed")),
        ({"state": "closed", "close_reason": "not_planned"}, ("Canceled", "canceled", "closed", "not_planned")),
    ],
)
def test_open_or_closed_follows_from_the_status_and_the_other_way_round(api, ada, project, change, expected):
    api(ada).post(ISSUES, {"title": "x"})
    issue = api(ada).patch(f"{ISSUES}/1", change)
    assert (issue["status"], issue["status_category"], issue["state"], issue["close_reason"]) == expected


def test_reopening_leads_to_what_is_to_be_done(api, ada, project):
    api(ada).post(ISSUES, {"title": "x", "status": "In review"})
    api(ada).patch(f"{ISSUES}/1", {"status": "Done"})
    assert api(ada).patch(f"{ISSUES}/1", {"state": "open"})["status"] == "Todo"


def test_from_one_end_to_the_other_the_reason_changes_too(api, ada, project):
    api(ada).post(ISSUES, {"title": "x"})
    api(ada).patch(f"{ISSUES}/1", {"status": "Done"})
    assert api(ada).patch(f"{ISSUES}/1", {"status": "Canceled"})["close_reason"] == "not_planned"


@pytest.mark.parametrize(
    ("body", "field"),
    [({"status": "Nope"}, "status"), ({"status": "Done", "state": "open"}, "status"), ({"status": None}, "status")],
)
def test_a_status_that_cannot_be_is_refused(api, ada, project, body, field):
    api(ada).post(ISSUES, {"title": "x"})
    assert api(ada).patch(f"{ISSUES}/1", body, status=422)["errors"][0]["field"] == field


def test_a_new_issue_is_open(api, ada, project):
    api(ada).post(ISSUES, {"title": "x", "status": "Done"}, status=422)


def test_one_is_added_at_its_categorys_end_and_moved(api, ada, project):
    made = api(ada).post(URL, {"name": "Testing", "category": "started"})
    assert names(api, ada)[3:5] == ["In review", "Testing"]
    api(ada).patch(f"{URL}/{made['id']}", {"position": 0, "name": "Checking"})
    assert names(api, ada)[:2] == ["Checking", "Backlog"]


def test_a_name_is_taken_in_any_case(api, ada, project, ids):
    assert api(ada).post(URL, {"name": "DONE", "category": "done"}, status=409)["errors"][0]["field"] == "name"
    assert api(ada).patch(f"{URL}/{ids['Done']}", {"name": "DONE"})["name"] == "DONE"


def test_deleting_one_moves_its_issues_on_with_an_event(api, ada, project, ids):
    api(ada).post(ISSUES, {"title": "x", "status": "In review"})
    api(ada).send("DELETE", f"{URL}/{ids['In review']}", json={}, status=422)
    api(ada).send("DELETE", f"{URL}/{ids['In review']}", json={"to": ids["Done"]}, status=422)
    api(ada).send("DELETE", f"{URL}/{ids['In review']}", json={"to": ids["Todo"]}, status=204)
    assert api(ada).get(f"{ISSUES}/1")["status"] == "Todo"
    assert api(ada).get(f"{ISSUES}/1/events")["items"][-1]["data"] == {
        "old": "In review", "new": "Todo", "old_id": ids["In review"], "new_id": ids["Todo"]
    }  # fmt: skip


def test_the_last_open_and_the_last_closed_one_stay(api, ada, project, ids):
    for name in ("Backlog", "Todo", "In progress", "Done"):
        api(ada).send("DELETE", f"{URL}/{ids[name]}", json={}, status=204)
    api(ada).send("DELETE", f"{URL}/{ids['In review']}", json={}, status=409)
    api(ada).send("DELETE", f"{URL}/{ids['Canceled']}", json={}, status=409)
    api(ada).patch(f"{URL}/{ids['Canceled']}", {"category": "started"}, status=409)


def test_a_category_does_not_close_issues_by_the_way(api, ada, project, ids):
    api(ada).post(ISSUES, {"title": "x", "status": "In review"})
    assert (
        api(ada).patch(f"{URL}/{ids['In review']}", {"category": "done"}, status=409)["errors"][0]["field"]
        == "category"
    )
    api(ada).patch(f"{URL}/{ids['In review']}", {"category": "unstarted"})


def test_the_pages_do_the_same(browser, api, ada, project, ids):
    someone = browser(ada)
    assert someone.get(URL).h1 == "Statuses"
    someone.post(URL, {"name": "Testing", "category": "started"})
    someone.post(f"{URL}/{ids['Todo']}", {"position": "0"})
    assert names(api, ada)[0] == "Todo"
    assert someone.get(f"{URL}/{ids['Todo']}/edit").fields["name"] == "Todo"
    assert someone.post(f"{URL}/{ids['Todo']}", {"name": ""}, status=422).says("Name is required")
    someone.post(f"{URL}/{ids['Todo']}/delete", {"to": str(ids["Backlog"])})
    assert "Todo" not in names(api, ada)


@pytest.mark.parametrize(("role", "status"), [("member", 403), ("maintainer", 201)])
def test_maintainers_change_them(api, make, project, role, status):
    api(make.member(project, role)).post(URL, {"name": "New", "category": "started"}, status=status)


def test_a_list_is_narrowed_by_status(api, ada, project):
    for title, status in (("a", "Todo"), ("b", "In review"), ("c", "Backlog")):
        api(ada).post(ISSUES, {"title": title, "status": status})
    found = api(ada).get(f"{ISSUES}?status=todo&status=In+review")["items"]
    assert {one["title"] for one in found} == {"a", "b"}


@pytest.mark.parametrize(
    ("status", "category", "reason"), [("Done", "canceled", "not_planned"), ("Canceled", "done", "completed")]
)
def test_why_issues_are_closed_follows_their_status_into_another_category(
    api, ada, project, ids, status, category, reason
):
    issues = "/projects/WALL/issues"
    for title in ("One", "Two", "Three"):
        api(ada).post(issues, {"title": title})
    api(ada).patch(issues, {"numbers": [1, 2], "status": status})
    former = api(ada).get(f"{issues}/1")["close_reason"]
    api(ada).delete(f"{issues}/2")
    api(ada).post(URL, {"name": "Ended", "category": "done" if status == "Done" else "canceled"})
    api(ada).patch(f"{URL}/{ids[status]}", {"category": category})
    api(ada).post(f"{issues}/2/restoration", status=200)
    for number in (1, 2):
        issue = api(ada).get(f"{issues}/{number}")
        assert (issue["state"], issue["status"], issue["close_reason"]) == ("closed", status, reason)
    told = api(ada).get(f"{issues}/1/events")["items"][-1]
    assert (told["kind"], told["data"]["old"], told["data"]["reason"]) == ("reclosed", former, reason)
    assert api(ada).get(f"{issues}/3")["version"] == 1
