"""Views over all projects: private lists, each of whoever saved it."""

import pytest


@pytest.fixture(autouse=True)
def issues(make, ada):
    for key in ("WALL", "ROOF"):
        make.label(project := make.project(ada, key=key), ada, "bug")
        make.issue(project, ada, title=f"Of the {key}", labels=["bug"])


def test_a_view_is_saved_opened_changed_and_deleted(api, browser, ada):
    made = api(ada).post("/views", {"name": "Bugs", "query": "label:bug  project:wall", "pinned": True})
    at = f"/views/{made['id']}"
    page = browser(ada).get(browser(ada).get(at, status=303).location)
    assert page.says("Of the WALL")
    assert not page.says("Of the ROOF")
    assert page.says("Your view")
    changed = browser(ada).get(f"/issues?q=label:bug&view={made['id']}")
    assert changed.says("Your view, changed")
    browser(ada).post(at, {"query": "label:bug", "layout": "list", "version": 1})
    assert api(ada).get(at)["query"] == "label:bug"
    assert browser(ada).get(f"/issues?view={made['id']}", status=303).location.startswith("/issues?q=label:bug")
    browser(ada).post(f"{at}/delete")
    assert api(ada).get("/views")["items"] == []


def test_it_is_its_owners_alone(api, browser, make, ada, eve):
    at = f"/views/{api(ada).post('/views', {'name': 'Secret', 'pinned': True})['id']}"
    for other in (eve, make.person("Root", is_admin=True)):
        assert api(other).get("/views")["items"] == []
        api(other).get(at, status=404)
        api(other).patch(at, {"name": "Mine"}, status=404)
        api(other).delete(at, status=404)
        assert not browser(other).get("/issues").says("Secret")
    api().get(at, status=401)
    api().get("/views", status=401)
    assert 'aria-label="Views"' not in browser().get("/issues").text


def test_it_stands_apart_from_the_views_of_projects(api, ada):
    everywhere = api(ada).post("/views", {"name": "Bugs"})
    here = api(ada).post("/projects/WALL/views", {"name": "Bugs"})
    api(ada).post("/views", {"name": "BUGS"}, status=409)
    api(ada).get(f"/projects/WALL/views/{everywhere['id']}", status=404)
    api(ada).get(f"/views/{here['id']}", status=404)


@pytest.mark.parametrize("field", ["layout", "shared", "default"])
def test_it_is_a_private_list(api, ada, field):
    value = "board" if field == "layout" else True
    made = api(ada).post("/views", {"name": "Bugs"})
    if field != "default":
        assert api(ada).post("/views", {"name": "x", field: value}, status=422)["errors"][0]["field"] == field
    problem = api(ada).patch(f"/views/{made['id']}", {field: value}, status=422)
    assert problem["errors"][0]["field"] == field


def test_its_pages_offer_no_more(browser, api, ada):
    form = browser(ada).get("/views/new?q=label:bug")
    assert form.fields["query"] == "label:bug"
    assert not form.says("Shown as")
    assert not form.says("Everybody")
    someone = browser(ada)
    someone.post("/views", {"name": "Bugs", "query": "lable:x", "pinned": "True"}, status=422)
    someone.post("/views", {"name": "Bugs", "query": "label:bug", "pinned": "True"})
    [made] = api(ada).get("/views")["items"]
    page = someone.get("/views")
    assert page.says("Views over all projects")
    assert not page.says("Make default")
    assert someone.get(f"/views/{made['id']}/edit").fields["name"] == "Bugs"
    assert someone.get(f"/views/{made['id']}/delete").says("It is only yours.")
