"""Labels that end: merged into another, or deleted."""

import pytest

from webapp.db import db, transacting
from webapp.labels import repository

URL = "/projects/WALL/labels"
ISSUES = "/projects/WALL/issues"

MANY = db.text("""
    WITH many AS (
      INSERT INTO issues (project_id, number, title, author_id, status_id)
      SELECT :project, n, 'x', :ada, (SELECT min(id) FROM statuses WHERE project_id = :project)
      FROM generate_series(1, 300) n RETURNING id)
    INSERT INTO issue_labels SELECT id, :label FROM many
""")


@pytest.fixture(autouse=True)
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def label(make, project, ada):
    return lambda name: make.label(project, ada, name).id


def counts(client):
    return {label["name"]: label["issue_count"] for label in client.get(URL)["items"]}


def names(client, number):
    return [label["name"] for label in client.get(f"{ISSUES}/{number}")["labels"]]


def last(client, number):
    data = client.get(f"{ISSUES}/{number}/events")["items"][-1]["data"]
    return data["added"], data["removed"]


def test_all_issues_get_the_other_label_once(api, ada, make, project, label):
    defect, bug, client = label("defect"), label("bug"), api(ada)
    for tied in (["defect"], ["defect", "bug"], ["bug"], []):
        make.issue(project, ada, labels=tied)
    target = client.post(f"{URL}/{defect}/merge", {"into": bug}, status=200)
    assert (target["id"], target["name"], target["issue_count"]) == (bug, "bug", 3)
    assert [names(client, number) for number in (1, 2, 3, 4)] == [["bug"], ["bug"], ["bug"], []]
    assert (last(client, 1), last(client, 2)) == ((["bug"], ["defect"]), ([], ["defect"]))
    assert counts(client) == {"bug": 3}


def test_a_merged_label_takes_the_place_of_others_in_its_scope(api, ada, make, project, label):
    urgent, high, client = label("urgent"), label("prio::high"), api(ada)
    label("Prio::low")
    make.issue(project, ada, labels=["urgent", "prio::low"])
    make.issue(project, ada, labels=["prio::low"])
    client.post(f"{URL}/{urgent}/merge", {"into": high}, status=200)
    assert (names(client, 1), names(client, 2)) == (["prio::high"], ["Prio::low"])
    added, removed = last(client, 1)
    assert (added, sorted(removed)) == (["prio::high"], ["Prio::low", "urgent"])
    assert counts(client) == {"prio::high": 1, "Prio::low": 1}


def test_labels_of_one_scope_are_merged(api, ada, make, project, label):
    low, high = label("prio::low"), label("prio::high")
    make.issue(project, ada, labels=["prio::low"])
    assert api(ada).post(f"{URL}/{low}/merge", {"into": high}, status=200)["issue_count"] == 1


def test_what_is_in_the_trash_is_merged_uncounted(api, ada, make, project, label):
    defect, bug, client = label("defect"), label("bug"), api(ada)
    make.issue(project, ada, labels=["defect"])
    client.delete(f"{ISSUES}/1")
    assert client.post(f"{URL}/{defect}/merge", {"into": bug}, status=200)["issue_count"] == 0
    client.post(f"{ISSUES}/1/restoration", status=200)
    assert counts(client) == {"bug": len(names(client, 1))}


@pytest.mark.parametrize("into", ["itself", "elsewhere", "nowhere"])
def test_only_another_label_of_the_project_takes_its_place(api, ada, make, label, into):
    bug = label("bug")
    ids = {"itself": bug, "elsewhere": make.label(make.project(ada, key="ELSE"), ada).id, "nowhere": 2**63 - 1}
    problem = api(ada).post(f"{URL}/{bug}/merge", {"into": ids[into]}, status=422)
    assert problem["errors"] == [{"field": "into", "message": "must be another label of this project."}]


def test_a_page_merges_too(browser, api, ada, make, project, label):
    defect, bug, someone = label("defect"), label("bug"), browser(ada)
    make.issue(project, ada, labels=["defect"])
    page = someone.get(f"{URL}/{defect}/merge")
    assert page.says("The 1 issue that carries it gets another label instead.")
    assert someone.post(f"{URL}/{defect}/merge", {"into": ""}, status=422).says(
        "The other label is still to be chosen"
    )
    someone.post(f"{URL}/{defect}/merge", {"into": bug})
    assert someone.get(URL).says("Merged into bug.")
    someone.get(f"{URL}/{defect}/merge", status=404)


def test_a_deleted_label_leaves_an_event_at_each_issue(api, ada, make, project, label):
    bug, client = label("bug"), api(ada)
    make.issue(project, ada, labels=["bug"])
    client.delete(f"{URL}/{bug}")
    assert last(client, 1) == ([], ["bug"])
    assert names(client, 1) == []


@pytest.mark.parametrize("way", ["merge", "delete"])
def test_any_number_of_issues_takes_a_few_statements(app, api, ada, project, label, statements, way):
    defect, bug, client = label("defect"), label("bug"), api(ada)
    with app.app_context(), transacting():
        db.session.execute(MANY.bindparams(project=project.id, ada=ada.id, label=defect))
    statements.clear()
    if way == "merge":
        assert client.post(f"{URL}/{defect}/merge", {"into": bug}, status=200)["issue_count"] == 300
    else:
        client.delete(f"{URL}/{defect}")
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 12
    assert client.get(f"{ISSUES}/300/events")["items"][-1]["data"]["removed"] == ["defect"]


def test_a_new_name_keeps_the_issues(api, ada, make, project, label):
    bug, client = label("bug"), api(ada)
    make.issue(project, ada, labels=["bug"])
    assert client.patch(f"{URL}/{bug}", {"name": "Defect"})["issue_count"] == 1
    assert names(client, 1) == ["Defect"]


def test_a_new_name_gives_no_issue_two_labels_of_a_scope(api, ada, make, project, label):
    high, client = label("high"), api(ada)
    label("prio::low")
    make.issue(project, ada, labels=["high", "prio::low"])
    problem = client.patch(f"{URL}/{high}", {"name": "prio::high"}, status=409)
    assert problem["errors"][0]["field"] == "name"
    client.patch(f"{ISSUES}/1", {"labels": ["high"]})
    assert client.patch(f"{URL}/{high}", {"name": "prio::high"})["name"] == "prio::high"


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_name_that_is_taken_at_the_same_moment_is_a_conflict(api, ada, label, monkeypatch, method):
    label("bug")
    other = label("other")
    monkeypatch.setattr(repository, "named", lambda project_id, names: {})  # the other one is not written yet
    url = URL if method == "POST" else f"{URL}/{other}"
    problem = api(ada).send(method, url, json={"name": "Bug"}, status=409).json
    assert problem["errors"][0]["field"] == "name"
