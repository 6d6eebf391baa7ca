"""Saved views: whose they are, what they keep, and who changes them."""

import pytest

URL = "/projects/WALL/views"


@pytest.fixture(autouse=True)
def project(make, ada):
    return make.project(ada, key="WALL", visibility="internal")


@pytest.fixture
def member(make, project):
    return make.member(project, "member")


@pytest.fixture
def shared(api, member):
    return api(member).post(URL, {"name": "Bugs", "query": "label:bug", "shared": True})


def names(client):
    return [view["name"] for view in client.get(URL)["items"]]


def test_a_view_is_saved_changed_and_deleted(api, eve):
    ours = api(eve)
    made = ours.post(URL, {"name": "Bugs", "query": " label:bug   sort:updated "})
    assert (made["query"], made["layout"], made["by"]) == ("label:bug sort:updated-desc", "list", "status")
    assert (made["owner"]["id"], made["shared"], made["pinned"], made["default"]) == (eve.id, False, False, False)
    at = f"{URL}/{made['id']}"
    changed = ours.patch(at, {"name": "Mine", "layout": "board", "by": "assignee", "pinned": True})
    assert (changed["name"], changed["layout"], changed["by"], changed["version"]) == ("Mine", "board", "assignee", 2)
    assert ours.get(at) == changed
    ours.delete(at)
    ours.get(at, status=404)
    assert ours.get(URL)["items"] == []


def test_a_private_view_is_its_owners_alone(api, browser, make, project, ada, eve):
    at = f"{URL}/{api(eve).post(URL, {'name': 'Secret', 'pinned': True})['id']}"
    for other in (ada, make.member(project, "owner"), make.person("Root", is_admin=True)):
        assert names(api(other)) == []
        api(other).get(at, status=404)
        api(other).patch(at, {"name": "Mine"}, status=404)
        api(other).delete(at, status=404)
        browser(other).get(f"{at}/edit", status=404)
        assert (
            "Secret" not in browser(other).get(f"/projects/WALL/issues?q=is:open&view={at.rpartition('/')[2]}").text
        )
    assert names(api(eve)) == ["Secret"]


def test_a_private_view_of_a_project_that_one_left_is_out_of_reach(api, make, ada, eve):
    hidden = make.project(ada, key="HIDE")
    api(ada).post("/projects/HIDE/members", {"email": eve.email, "role": "member"})
    at = f"/projects/HIDE/views/{api(eve).post('/projects/HIDE/views', {'name': 'Mine'})['id']}"
    ours = api(eve).post("/projects/HIDE/views", {"name": "Ours", "shared": True})
    api(ada).delete(f"/projects/HIDE/members/{eve.id}")
    api(eve).get(at, status=404)
    api(eve).patch(at, {"name": "Still mine"}, status=404)
    assert [(one["name"], one["owner"]["id"]) for one in api(ada).get("/projects/HIDE/views")["items"]] == [
        ("Ours", eve.id)
    ]
    api(ada).delete(f"/projects/HIDE/views/{ours['id']}")
    api(ada).post("/projects/HIDE/members", {"email": eve.email, "role": "viewer"})
    assert [one["name"] for one in api(eve).get("/projects/HIDE/views")["items"]] == ["Mine"]
    assert hidden.default_view_id is None


def test_a_shared_view_is_everybodys_to_see(api, browser, make, ada, shared):
    public = make.project(ada, key="OPEN", visibility="public")
    api(ada).post("/projects/OPEN/views", {"name": "For all", "shared": True, "pinned": True})
    api(ada).post("/projects/OPEN/views", {"name": "For me", "pinned": True})
    assert [one["name"] for one in api().get(f"/projects/{public.key}/views")["items"]] == ["For all"]
    page = browser().get("/projects/OPEN/issues")
    assert page.says("For all")
    assert not page.says("For me")
    assert "views/new" not in page.text


def test_its_owner_and_who_looks_after_the_project_change_a_shared_view(api, make, project, member, shared):
    at = f"{URL}/{shared['id']}"
    for role in ("viewer", "reporter", "member"):
        api(make.member(project, role)).patch(at, {"pinned": True}, status=403)
        api(make.member(project, role)).delete(at, status=403)
    assert api(member).patch(at, {"pinned": True})["pinned"] is True
    assert api(make.member(project, "maintainer")).patch(at, {"query": ""})["query"] == "is:all"
    api(make.member(project, "maintainer")).delete(at)


def test_reporters_save_views_and_do_not_share_them(api, make, project):
    ours = api(make.member(project, "reporter"))
    ours.post(URL, {"name": "Mine", "shared": True}, status=403)
    at = f"{URL}/{ours.post(URL, {'name': 'Mine'})['id']}"
    ours.patch(at, {"shared": True}, status=403)
    ours.patch(at, {"default": True}, status=422)
    assert ours.get(at)["shared"] is False
    api().post(URL, {"name": "Mine"}, status=401)


def test_who_is_no_member_any_more_does_not_change_what_they_shared(api, ada, member, shared):
    api(ada).patch(f"/projects/WALL/members/{member.id}", {"role": "reporter"})
    api(member).patch(f"{URL}/{shared['id']}", {"name": "Other"}, status=403)
    api(ada).patch(f"{URL}/{shared['id']}", {"name": "Other"})


def test_only_its_owner_takes_a_shared_view_back(api, ada, member, shared):
    problem = api(ada).patch(f"{URL}/{shared['id']}", {"shared": False}, status=422)
    assert problem["errors"][0]["field"] == "shared"
    api(member).patch(f"{URL}/{shared['id']}", {"shared": False})
    api(ada).get(f"{URL}/{shared['id']}", status=404)


def test_names_are_taken_among_shared_views_and_among_ones_own(api, ada, eve, member, shared):
    assert api(ada).post(URL, {"name": "BUGS", "shared": True}, status=409)["errors"][0]["field"] == "name"
    own = api(ada).post(URL, {"name": "bugs"})
    api(eve).post(URL, {"name": "bugs"})
    assert api(ada).post(URL, {"name": "Bugs"}, status=409)["errors"][0]["field"] == "name"
    api(ada).patch(f"{URL}/{own['id']}", {"shared": True}, status=409)
    api(ada).patch(f"{URL}/{own['id']}", {"name": "BUGS", "query": "is:closed"})
    other = api(ada).post(URL, {"name": "Other"})
    api(ada).patch(f"{URL}/{other['id']}", {"name": "bugs"}, status=409)
    api(member).patch(f"{URL}/{shared['id']}", {"name": "bugS"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "x", "query": "lable:x"}, "query"),
        ({"name": "x", "query": "created:>soon"}, "query"),
        ({"name": "x", "query": "q" * 1001}, "query"),
        ({"name": "x", "query": None}, "query"),
        ({"name": "x", "layout": "table"}, "layout"),
        ({"name": "x", "layout": "board", "by": "colour"}, "by"),
        ({"name": "x", "layout": "board", "by": "label:none such"}, "by"),
        ({"name": "x", "shared": "yes"}, "shared"),
        ({"name": "x", "default": True}, "default"),
    ],
)
def test_bad_input_names_the_field(api, ada, body, field):
    assert api(ada).post(URL, body, status=422)["errors"][0]["field"] == field


def test_a_query_that_cannot_be_read_is_told_with_the_place(api, browser, ada):
    problem = api(ada).post(URL, {"name": "x", "query": "is:open lable:bug"}, status=422)
    assert "Did you mean label:?" in problem["errors"][0]["message"]
    page = browser(ada).post(URL, {"name": "Bugs", "query": "is:open lable:bug"}, status=422)
    assert (page.fields["name"], page.fields["query"]) == ("Bugs", "is:open lable:bug")
    assert page.says("Did you mean label:?")


def test_a_stale_change_is_refused(api, browser, ada):
    ours = api(ada)
    response = ours.send("POST", URL, json={"name": "Bugs"}, status=201)
    at, tag = response.headers["Location"], ours.send("GET", response.headers["Location"]).headers["ETag"]
    assert ours.send("PATCH", at, json={"query": "is:closed"}, headers={"If-Match": tag}).status_code == 200
    ours.send("PATCH", at, json={"query": "is:all"}, headers={"If-Match": tag}, status=412)
    ours.send("DELETE", at, headers={"If-Match": tag}, status=412)
    ours.patch(at, {"name": "Other", "version": 1}, status=409)
    page = browser(ada).post(at, {"query": "label:x", "layout": "list", "version": 1}, status=409)
    assert page.says("is:closed")
    assert page.fields["query"] == "label:x"


def test_there_are_not_more_views_than_can_be_shown(api, ada, monkeypatch):
    monkeypatch.setattr("webapp.views.service.MOST", 2)
    for name in ("a", "b"):
        api(ada).post(URL, {"name": name})
    assert api(ada).post(URL, {"name": "c"}, status=422)["errors"][0]["field"] == "name"
    shared = api(ada).post(URL, {"name": "c", "shared": True})
    api(ada).patch(f"{URL}/{shared['id']}", {"shared": False}, status=422)


def test_a_deleted_project_takes_its_views_along(api, ada, shared):
    api(ada).patch(f"{URL}/{shared['id']}", {"default": True})
    api(ada).delete("/projects/WALL", json={})
    api(ada).get(URL, status=404)


def test_an_archived_projects_views_can_be_read(api, ada, shared):
    api(ada).post("/projects/WALL/archive", status=200)
    api(ada).post(URL, {"name": "x"}, status=403)
    api(ada).patch(f"{URL}/{shared['id']}", {"pinned": True}, status=403)
    assert names(api(ada)) == ["Bugs"]
