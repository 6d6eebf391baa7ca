import pytest


def test_a_project_belongs_to_who_creates_it(api, ada):
    made = api(ada).post("/projects", {"name": "Stone Wall"})
    assert made["key"] == "SW"
    assert made["owner_id"] == ada.id
    assert made["visibility"] == "private"
    assert api(ada).get(f"/projects/{made['key']}") == made


@pytest.mark.parametrize(
    ("name", "key"), [("Cairn", "CAIRN"), ("My great project", "MGP"), ("石", "PROJECT"), ("3D print", "DP")]
)
def test_a_key_is_made_from_the_name(api, ada, name, key):
    assert api(ada).post("/projects", {"name": name})["key"] == key


def test_the_location_of_a_new_project_answers(api, ada):
    response = api(ada).send("POST", "/projects", json={"name": "Stone Wall"}, status=201)
    assert api(ada).get(response.headers["Location"])["name"] == "Stone Wall"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": 7}, "name"),
        ({"name": "a", "key": "1A"}, "key"),
        ({"name": "a", "key": "NEW"}, "key"),
        ({"name": "a", "visibility": "secret"}, "visibility"),
        ({"name": "a", "owner_id": 1}, "owner_id"),
    ],
)
def test_bad_input_names_the_field(api, ada, body, field):
    problem = api(ada).post("/projects", body, status=422)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_a_taken_key_is_a_conflict_that_names_the_key(api, ada):
    api(ada).post("/projects", {"name": "a", "key": "WALL"})
    problem = api(ada).post("/projects", {"name": "b", "key": "wall"}, status=409)
    assert problem["errors"][0]["field"] == "key"


def test_a_patch_changes_only_what_is_sent(api, ada, make):
    project = make.project(ada, description="Old")
    changed = api(ada).patch(f"/projects/{project.key}", {"name": "Scree"})
    assert (changed["name"], changed["description"], changed["version"]) == ("Scree", "Old", 2)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_foreign_private_project_is_not_there(api, ada, eve, make, method):
    project = make.project(ada)
    api(eve).send(method, f"/projects/{project.key}", json={} if method == "PATCH" else None, status=404)


def test_a_public_project_is_read_by_anyone_and_changed_by_its_owner(api, ada, eve, make):
    project = make.project(ada, visibility="public")
    assert api().get(f"/projects/{project.key}")["id"] == project.id
    api().patch(f"/projects/{project.key}", {"name": "x"}, status=401)
    api(eve).patch(f"/projects/{project.key}", {"name": "x"}, status=403)


def test_projects_are_listed_for_those_who_may_see_them(api, ada, eve, make):
    for visibility in ("private", "internal", "public"):
        make.project(ada, name=visibility)
        make.project(ada, name=f"{visibility} too", visibility=visibility)
    names = lambda who: {item["name"] for item in api(who).get("/projects")["items"]}  # noqa: E731
    assert names(None) == {"public too"}
    assert names(eve) == {"internal too", "public too"}
    assert len(names(ada)) == 6


def test_the_list_is_read_in_pages_both_ways(api, browser, ada, make):
    for number in range(7):
        make.project(ada, name=f"P{number}")
    first = api(ada).get("/projects?limit=3")
    second = api(ada).get(first["next"])
    assert [item["name"] for item in first["items"] + second["items"]] == [f"P{n}" for n in range(6)]
    assert first["total"] == 7
    assert api(ada).get(second["next"])["next"] is None


@pytest.mark.parametrize("name", ["ΟΔΟΣ", "İstanbul", "石" * 100, '"\\' * 50])
def test_pages_follow_the_databases_order_of_names(api, ada, make, name):
    for number in range(4):
        make.project(ada, name=name, key=f"P{number}")
    first = api(ada).get("/projects?limit=2")
    second = api(ada).get(first["next"])
    assert [item["key"] for item in first["items"] + second["items"]] == ["P0", "P1", "P2", "P3"]


@pytest.mark.parametrize("name", ["a\x00", "\ud800", 7, None, ["a"]])
def test_a_forged_cursor_is_refused(api, ada, name):
    from webapp.paging import cursor

    assert api(ada).get(f"/projects?cursor={cursor((name, 1))}", status=422)["errors"][0]["field"] == "cursor"


def test_a_number_leads_to_the_project_as_well(api, browser, ada, make):
    project = make.project(ada)
    assert api(ada).get(f"/projects/{project.id}")["key"] == project.key
    assert (
        browser(ada).get(f"/projects/{project.id}?x=1", status=308).location.endswith(f"/projects/{project.key}?x=1")
    )
    assert browser(ada).get(f"/projects/{project.key.lower()}", status=308)


@pytest.mark.parametrize(
    "query",
    [
        "endpoint=x",
        "_external=1",
        "_anchor=x",
        "_scheme=evil",
        "_method=POST",
        "number=5",
        "project=X",
        "a=1&a=%2F&b",
    ],
)
def test_the_query_string_goes_along_unread(browser, ada, make, query):
    project = make.project(ada)
    make.issue(project, ada)
    moved = browser(ada).get(f"/projects/{project.id}/issues/1?{query}", status=308)
    assert moved.location == f"/projects/{project.key}/issues/1?{query}"


@pytest.mark.parametrize("ref", ["9223372036854775807", "9223372036854775808", "0", "-1", "٣", "x" * 11])
def test_an_impossible_number_is_not_found(api, ada, ref):
    api(ada).get(f"/projects/{ref}", status=404)


def test_a_deleted_project_is_gone_with_its_issues(api, ada, make):
    project = make.project(ada)
    make.issue(project, ada)
    api(ada).delete(f"/projects/{project.key}")
    api(ada).get(f"/projects/{project.key}/issues/1", status=404)


def test_a_page_deletes_only_after_the_key_was_typed(browser, ada, make):
    project = make.project(ada)
    page = browser(ada).post(f"/projects/{project.key}/delete", {"confirm": "nope"}, status=422)
    assert page.says(f"must be the project's key, {project.key}.")
    browser(ada).post(f"/projects/{project.key}/delete", {"confirm": project.key})
    browser(ada).get(f"/projects/{project.key}", status=404)


def test_a_refused_form_comes_back_filled(browser, ada):
    page = browser(ada).post("/projects", {"name": "", "description": "Kept"}, status=422)
    assert page.fields["description"] == "Kept"
    assert page.title.startswith("Error:")


def test_a_stale_version_is_refused(api, ada, make):
    project = make.project(ada)
    api(ada).patch(f"/projects/{project.key}", {"name": "A", "version": 1})
    api(ada).patch(f"/projects/{project.key}", {"name": "B", "version": 1}, status=409)
    api(ada).patch(f"/projects/{project.key}", {"name": "B"}, status=412, headers={"If-Match": '"1"'})
    api(ada).patch(f"/projects/{project.key}", {"name": "B"}, headers={"If-Match": '"2"'})


def test_a_list_tells_what_a_project_is_without_the_signs_of_markdown(browser, ada, make):
    make.project(ada, description="## The *dry* walls of **[the farm](https://farm.example)**\n\nMore.")
    assert browser(ada).get("/projects").says("The dry walls of the farm")
