"""An archived project is read, not changed; its owners can restore it."""


def test_an_archived_project_is_read_but_not_changed(api, ada, make):
    project = make.project(ada, key="WALL")
    make.issue(project, ada)
    assert api(ada).post("/projects/WALL/archive", status=200)["archived_at"]
    assert api(ada).get("/projects/WALL/issues/1")["number"] == 1
    problem = api(ada).post("/projects/WALL/issues", {"title": "Late"}, status=403)
    assert "archived" in problem["detail"]


def test_a_restored_project_is_changed_again(api, ada, make):
    make.project(ada, key="WALL")
    api(ada).post("/projects/WALL/archive", status=200)
    assert api(ada).delete("/projects/WALL/archive", status=200)["archived_at"] is None
    api(ada).post("/projects/WALL/issues", {"title": "Late"})


def test_archiving_twice_changes_nothing(api, ada, make):
    make.project(ada, key="WALL")
    first = api(ada).post("/projects/WALL/archive", status=200)
    assert api(ada).post("/projects/WALL/archive", status=200) == first
    restored = api(ada).delete("/projects/WALL/archive", status=200)
    assert api(ada).delete("/projects/WALL/archive", status=200) == restored


def test_only_owners_archive_and_restore(api, ada, eve, make):
    project = make.project(ada, key="WALL")
    maintainer = make.member(project, "maintainer")
    api(maintainer).post("/projects/WALL/archive", status=403)
    api(ada).post("/projects/WALL/archive", status=200)
    api(maintainer).delete("/projects/WALL/archive", status=403)
    api(eve).delete("/projects/WALL/archive", status=404)
    api().delete("/projects/WALL/archive", status=401)


def test_archived_projects_have_a_list_of_their_own(api, ada, make):
    make.project(ada, key="WALL")
    make.project(ada, key="SCREE")
    api(ada).post("/projects/WALL/archive", status=200)
    keys = lambda url: [item["key"] for item in api(ada).get(url)["items"]]  # noqa: E731
    assert keys("/projects") == ["SCREE"]
    assert keys("/projects?archived=true") == ["WALL"]
    assert api(ada).get("/projects")["total"] == 1


def test_the_page_tells_of_archived_projects_at_the_end(api, browser, ada, make):
    for name in ("Wall", "Scree"):
        make.project(ada, name=name)
    api(ada).post("/projects/WALL/archive", status=200)
    page = browser(ada).get("/projects")
    assert page.text.index("Scree") < page.text.index("Archived projects") < page.text.index("Wall")


def test_settings_archive_and_restore(browser, ada, make):
    make.project(ada, key="WALL")
    here = browser(ada)
    assert here.post("/projects/WALL/archive").location == "/projects/WALL"
    page = here.get("/projects/WALL/edit")
    assert page.says("Restore this project")
    assert "/projects/WALL/issues/new" not in page.links
    here.post("/projects/WALL/archive/delete")
    assert here.get("/projects/WALL/edit").says("Archive this project")
