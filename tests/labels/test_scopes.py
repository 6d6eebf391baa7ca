"""`priority::high`: of the labels that share a scope an issue carries one."""

import pytest

URL = "/projects/WALL/issues"


@pytest.fixture(autouse=True)
def project(make, ada):
    project = make.project(ada, key="WALL")
    for name in ("priority::low", "Priority::high", "priority::", "::high", "area::web::low", "bug"):
        make.label(project, ada, name)
    return project


def names(issue):
    return [label["name"] for label in issue["labels"]]


def test_a_new_label_takes_the_place_of_the_one_in_its_scope(api, ada):
    api(ada).post(URL, {"title": "x", "labels": ["priority::low", "bug"]})
    changed = api(ada).patch(f"{URL}/1", {"labels": ["bug", "priority::low", "priority::high"]})
    assert names(changed) == ["bug", "Priority::high"]
    told = api(ada).get(f"{URL}/1/events")["items"][-1]["data"]
    assert (told["added"], told["removed"]) == (["Priority::high"], ["priority::low"])
    counts = {label["name"]: label["issue_count"] for label in api(ada).get("/projects/WALL/labels")["items"]}
    assert (counts["priority::low"], counts["Priority::high"]) == (0, 1)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_two_new_ones_of_a_scope_are_refused(api, ada, method):
    api(ada).post(URL, {"title": "x"})
    url = URL if method == "POST" else f"{URL}/1"
    body = {"title": "x", "labels": ["priority::low", "bug", "priority::high"]}
    problem = api(ada).send(method, url, json=body, status=422).json
    assert problem["errors"] == [
        {"field": "labels", "message": "may have only one of priority::low and Priority::high."}
    ]


def test_a_name_without_a_scope_or_a_rest_has_none(api, ada):
    all_but_one = ["priority::low", "priority::", "::high", "area::web::low", "bug"]
    assert len(names(api(ada).post(URL, {"title": "x", "labels": all_but_one}))) == 5


def test_the_last_colons_end_the_scope(api, ada, make, project):
    for name in ("area::web::high", "area::low"):
        make.label(project, ada, name)
    api(ada).post(URL, {"title": "x", "labels": ["area::low", "area::web::low"]})
    changed = api(ada).patch(f"{URL}/1", {"labels": ["area::low", "area::web::low", "area::web::high"]})
    assert names(changed) == ["area::low", "area::web::high"]


def test_a_template_cannot_begin_with_two_of_a_scope(api, ada):
    body = {"name": "Bug", "labels": ["priority::low", "priority::high"]}
    assert api(ada).post("/projects/WALL/templates", body, status=422)["errors"][0]["field"] == "labels"


def test_a_pill_shows_scope_and_name_apart(browser, api, ada):
    api(ada).post(URL, {"title": "x", "labels": ["area::web::low", "::high"]})
    page = browser(ada).get(URL)
    assert '<span class="scope" dir="auto">area::web</span>' in page.text
    assert page.says("area::web::low")
    assert page.text.count('class="scope"') == 1
