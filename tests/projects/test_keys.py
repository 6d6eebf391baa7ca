"""A project's key can change; the old one goes on leading to it."""

import pytest


@pytest.fixture
def renamed(api, ada, make):
    project = make.project(ada, key="WALL")
    make.issue(project, ada)
    return api(ada).patch("/projects/WALL", {"key": "scree"})


def test_issues_have_the_new_key_at_once(api, ada, renamed):
    assert renamed["key"] == "SCREE"
    assert api(ada).get("/projects/SCREE/issues/1")["key"] == "SCREE-1"
    assert api(ada).get("/projects/SCREE/issues")["items"][0]["key"] == "SCREE-1"


def test_the_old_key_answers_clients(api, ada, renamed):
    assert api(ada).get("/projects/wall")["key"] == "SCREE"
    assert api(ada).patch("/projects/WALL/issues/1", {"title": "Mended"})["title"] == "Mended"


def test_the_old_key_leads_a_browser_to_the_new_one(browser, ada, renamed):
    moved = browser(ada).get("/projects/WALL/issues/1", status=308)
    assert moved.location.endswith("/projects/SCREE/issues/1")


def test_the_old_key_tells_a_stranger_nothing(api, eve, renamed):
    api(eve).get("/projects/WALL", status=404)
    api().get("/projects/WALL", status=401)


@pytest.mark.parametrize("key", ["WALL", "SCREE"])
def test_no_other_project_takes_a_key_that_is_or_was_one(api, eve, renamed, key):
    problem = api(eve).post("/projects", {"name": "Another", "key": key}, status=409)
    assert problem["errors"][0]["field"] == "key"
    api(eve).post("/projects", {"name": "Another", "key": "OTHER"})
    api(eve).patch("/projects/OTHER", {"key": key}, status=409)


def test_a_key_made_from_a_name_is_none_that_was_one(api, eve, renamed):
    assert api(eve).post("/projects", {"name": "Wall"})["key"] == "WALL2"


def test_a_project_may_go_back_to_its_old_key(api, ada, eve, renamed):
    assert api(ada).patch("/projects/SCREE", {"key": "WALL"})["key"] == "WALL"
    assert api(ada).get("/projects/SCREE")["key"] == "WALL"
    api(eve).post("/projects", {"name": "Another", "key": "SCREE"}, status=409)


def test_the_keys_of_a_deleted_project_are_free(api, ada, eve, renamed):
    api(ada).delete("/projects/SCREE")
    assert api(eve).post("/projects", {"name": "Another", "key": "WALL"})


def test_only_owners_change_the_key(api, ada, make):
    project = make.project(ada, key="WALL")
    maintainer = make.member(project, "maintainer")
    api(maintainer).patch("/projects/WALL", {"key": "SCREE"}, status=403)
    assert api(maintainer).patch("/projects/WALL", {"key": "WALL", "name": "Scree"})["name"] == "Scree"


@pytest.mark.parametrize("key", ["NEW", "1A", "A", "A-B", "", None, 7, "a\x00b"])
def test_a_bad_key_is_refused_by_name(api, ada, make, key):
    make.project(ada, key="WALL")
    problem = api(ada).patch("/projects/WALL", {"key": key}, status=422)
    assert problem["errors"][0]["field"] == "key"


def test_the_settings_page_changes_the_key(browser, ada, make):
    make.project(ada, key="WALL")
    here = browser(ada)
    form = here.get("/projects/WALL/edit").fields
    assert here.post("/projects/WALL", {**form, "key": "SCREE"}).location == "/projects/SCREE"


def test_a_refused_key_stays_in_the_form(browser, ada, make):
    for key in ("SCREE", "WALL"):
        make.project(ada, key=key)
    here = browser(ada)
    form = here.get("/projects/WALL/edit").fields
    page = here.post("/projects/WALL", {**form, "key": "SCREE"}, status=409)
    assert page.fields["key"] == "SCREE"
    assert page.says("SCREE is the key of another project")


def test_an_import_under_an_old_key_goes_to_the_project(app, ada, renamed):
    from webapp.exchange import repository

    with app.app_context():
        assert repository.project("WALL").id == renamed["id"]
