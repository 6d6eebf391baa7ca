"""Saved views as pages: the row above lists and boards, what is open, and what a project's list opens with."""

import pytest

VIEWS = "/projects/WALL/views"
ISSUES = "/projects/WALL/issues"
BOARD = "/projects/WALL/board"


@pytest.fixture(autouse=True)
def project(make, ada):
    project = make.project(ada, key="WALL", visibility="internal")
    make.label(project, ada, "bug")
    make.issue(project, ada, title="A stone", labels=["bug"])
    make.issue(project, ada, title="Moss")
    return project


@pytest.fixture
def save(api, ada):
    """Saves a view of Ada's: `save(query="label:bug")`."""
    return lambda **fields: api(ada).post(VIEWS, {"name": "Bugs", "pinned": True, **fields})


def current(page):
    """What the row of views says is open."""
    row = page.text.partition('aria-label="Views"')[2].partition("</nav>")[0]
    return [part.partition("</a>")[0] for part in row.split('aria-current="page">')[1:]]


def test_a_view_leads_to_its_list_or_board(browser, save, ada):
    view = save(query="label:bug sort:updated")
    at = f"{ISSUES}?q=label:bug+sort:updated-desc&view={view['id']}"
    assert browser(ada).get(f"{VIEWS}/{view['id']}", status=303).location == at
    board = save(name="People", query="label:bug", layout="board", by="assignee")
    at = f"{BOARD}?q=label:bug&view={board['id']}&by=assignee"
    assert browser(ada).get(f"{VIEWS}/{board['id']}", status=303).location == at
    assert browser(ada).get(f"{ISSUES}?view={board['id']}", status=303).location == at


def test_pinned_views_stand_above_lists_and_boards(browser, save, ada, eve):
    save(shared=True)
    save(name="Hidden", pinned=False)
    save(name="Mine", query="is:closed", layout="board")
    for at in (ISSUES, BOARD):
        page = browser(ada).get(at)
        assert page.says("Bugs")
        assert page.says("Mine")
        assert not page.says("Hidden")
        assert len(current(page)) == 1
    assert not browser(eve).get(ISSUES).says("Mine")


def test_the_view_that_is_open_is_told_pinned_or_not(browser, save, ada):
    view = save(query="label:bug", pinned=False)
    page = browser(ada).get(f"{ISSUES}?q=label:bug&view={view['id']}")
    assert current(page) == ["Bugs"]
    assert page.says("Your view")
    assert not page.says("Update view")
    assert page.says("A stone")
    assert not page.says("Moss")


def test_what_is_shown_is_saved(api, browser, ada):
    someone = browser(ada)
    page = someone.get(f"{BOARD}?by=priority&q=label:bug")
    [at] = [link for link in page.links if link.startswith(f"{VIEWS}/new")]
    form = someone.get(at)
    assert (form.fields["query"], form.fields["layout"]) == ("label:bug", "board")
    assert 'value="priority" selected>' in form.text
    sent = {**form.fields, "name": "Bugs", "by": "priority", "shared": "True"}
    opened = someone.post(VIEWS, sent)
    [view] = api(ada).get(VIEWS)["items"]
    assert (view["query"], view["layout"], view["by"], view["shared"], view["pinned"]) == (
        "label:bug", "board", "priority", True, True,
    )  # fmt: skip
    assert current(someone.get(opened.location)) == ["Bugs"]


def test_another_query_updates_the_view_or_becomes_a_new_one(api, browser, ada, save):
    view = save(query="label:bug")
    someone = browser(ada)
    led = someone.get(f"{ISSUES}/filter?q=label:bug+is:closed&was=label:bug&label=bug&view={view['id']}", status=303)
    page = someone.get(led.location)
    assert page.says("Your view, changed")
    [new] = [link for link in page.links if link.startswith(f"{VIEWS}/new?")]
    assert someone.get(new).fields["query"] == "label:bug is:closed"
    said = {"query": "label:bug is:closed", "layout": "list", "version": view["version"]}
    opened = someone.post(f"{VIEWS}/{view['id']}", said)
    assert api(ada).get(f"{VIEWS}/{view['id']}")["query"] == "label:bug is:closed"
    assert not someone.get(opened.location).says("changed")


def test_a_view_that_is_written_otherwise_is_not_changed(browser, ada, save):
    view = save(query="label:bug sort:updated")
    assert not browser(ada).get(f"{ISSUES}?q=+label:bug++sort:updated&view={view['id']}").says("changed")
    board = save(name="All", query="", layout="board")
    assert not browser(ada).get(f"{BOARD}?view={board['id']}&q=is:all").says("changed")


def test_a_member_cannot_update_what_another_shared_but_save_it_as_new(browser, make, project, save):
    view = save(query="label:bug", shared=True)
    page = browser(make.member(project, "member")).get(f"{ISSUES}?q=is:closed&view={view['id']}")
    assert page.says("Shared view, changed")
    assert page.says("Save as new")
    assert not page.says("Update view")


def test_the_links_of_a_list_keep_the_view_open(browser, ada, make, project, save):
    view = save(query="is:open")
    for number in range(2):
        make.issue(project, ada, title=f"Stone {number}")
    page = browser(ada).get(f"{ISSUES}?q=is:open&view={view['id']}&limit=1")
    assert f"{ISSUES}?q=is:closed&view={view['id']}" in page.links
    [following] = [link for link in page.links if "cursor=" in link]
    assert current(browser(ada).get(following)) == ["Bugs"]
    assert not [link for link in page.links if ".csv" in link and "view=" in link]


def test_a_projects_list_opens_with_its_default_view(api, browser, ada, eve, save):
    view = save(query="label:bug", shared=True, pinned=False)
    api(ada).patch(f"{VIEWS}/{view['id']}", {"default": True})
    assert api(ada).get("/projects/WALL")["default_view_id"] == view["id"]
    for who in (ada, eve):
        at = browser(who).get(ISSUES, status=303).location
        assert at == f"{ISSUES}?q=label:bug&view={view['id']}"
        page = browser(who).get(at)
        assert page.says("The project’s default view")
        assert f"{ISSUES}?q=is:open" in page.links
    for plain in ("?q=", "?q=is:open", "?state=open"):
        page = browser(ada).get(ISSUES + plain)
        assert page.says("Moss")
        assert "Bugs" not in current(page)
    assert api(ada).get(ISSUES)["total"] == 2


def test_a_default_board_is_opened_as_one_and_left_for_the_list(api, browser, ada, save):
    view = save(query="label:bug", shared=True, layout="board")
    api(ada).patch(f"{VIEWS}/{view['id']}", {"default": True})
    at = browser(ada).get(ISSUES, status=303).location
    assert at == f"{BOARD}?q=label:bug&view={view['id']}"
    assert f"{ISSUES}?q=is:open" in browser(ada).get(BOARD).links


def test_maintainers_choose_and_change_the_default(api, browser, make, ada, project):
    member = make.member(project, "member")
    view = api(member).post(VIEWS, {"name": "Bugs", "query": "label:bug", "shared": True})
    at = f"{VIEWS}/{view['id']}"
    api(member).patch(at, {"default": True}, status=403)
    maintainer = make.member(project, "maintainer")
    browser(maintainer).post(at, {"default": "true"})
    assert browser(maintainer).get(VIEWS).says("List, default")
    api(member).patch(at, {"query": "is:closed"}, status=403)
    api(member).patch(at, {"shared": False}, status=403)
    api(member).delete(at, status=403)
    api(maintainer).patch(at, {"default": False})
    browser(ada).get(ISSUES)
    api(member).patch(at, {"query": "is:closed"})


def test_another_default_takes_the_place_of_the_first(api, ada, save):
    first, second = save(shared=True), save(name="Other", shared=True)
    for view in (first, second):
        api(ada).patch(f"{VIEWS}/{view['id']}", {"default": True})
    api(ada).patch(f"{VIEWS}/{first['id']}", {"default": False})
    assert [(one["name"], one["default"]) for one in api(ada).get(VIEWS)["items"]] == [
        ("Bugs", False),
        ("Other", True),
    ]


@pytest.mark.parametrize("way", ["deleted", "taken back"])
def test_a_default_that_goes_leaves_the_open_issues(api, browser, ada, save, way):
    view = save(shared=True)
    at = f"{VIEWS}/{view['id']}"
    api(ada).patch(at, {"default": True})
    if way == "deleted":
        assert browser(ada).get(f"{at}/delete").says("open on all open issues again")
        browser(ada).post(f"{at}/delete")
    else:
        assert api(ada).patch(at, {"shared": False})["default"] is False
    assert api(ada).get("/projects/WALL")["default_view_id"] is None
    assert browser(ada).get(ISSUES).says("Moss")


def test_a_private_view_is_no_default(api, ada, save):
    problem = api(ada).patch(f"{VIEWS}/{save()['id']}", {"default": True}, status=422)
    assert problem["errors"][0]["field"] == "default"
    assert api(ada).patch(f"{VIEWS}/{save(name='x')['id']}", {"default": True, "shared": True})["default"] is True


def test_a_view_of_what_is_gone_still_opens(api, browser, ada, make, project, save):
    label = make.label(project, ada, "kind::bug")
    listed = save(query="label:kind::bug")
    board = save(name="Board", query="label:kind::bug", layout="board", by="label:kind")
    api(ada).delete(f"/projects/WALL/labels/{label.id}")
    page = browser(ada).get(browser(ada).get(f"{VIEWS}/{listed['id']}", status=303).location)
    assert page.says("There is no label called “kind::bug” here.")
    page = browser(ada).get(browser(ada).get(f"{VIEWS}/{board['id']}", status=303).location, status=422)
    assert page.says("names a scope that no label has")
    assert current(page) == ["Board"]
    assert page.says("Moss")


def test_a_default_view_asks_for_whoever_looks(api, browser, make, ada):
    public = make.project(ada, key="OPEN", visibility="public")
    make.issue(public, ada, title="A stone", assignees=[ada.id])
    view = api(ada).post("/projects/OPEN/views", {"name": "Mine", "query": "assignee:@me", "shared": True})
    api(ada).patch(f"/projects/OPEN/views/{view['id']}", {"default": True})
    at = browser(ada).get("/projects/OPEN/issues", status=303).location
    assert browser(ada).get(at).says("A stone")
    assert not browser().get(browser().get("/projects/OPEN/issues", status=303).location).says("A stone")


def test_views_are_listed_pinned_and_deleted_as_pages(api, browser, ada, save):
    view = save(query="label:bug", layout="board", shared=True)
    someone, at = browser(ada), f"{VIEWS}/{view['id']}"
    page = someone.get(VIEWS)
    assert page.says("label:bug")
    assert page.says("Board, pinned")
    assert someone.post(at, {"pinned": "false"}).location == VIEWS
    assert api(ada).get(at)["pinned"] is False
    form = someone.get(f"{at}/edit")
    assert form.fields["shared"] == "true"
    someone.post(at, {**form.fields, "name": "Beetles", "by": "status"})
    assert api(ada).get(at)["name"] == "Beetles"
    assert someone.get(f"{at}/delete").says("Delete view Beetles?")
    assert someone.post(f"{at}/delete").location == VIEWS
    assert someone.get(VIEWS).says("There are no views yet.")


def test_the_way_through_a_list_holds_in_a_view(browser, ada, save):
    view = save(query="is:open")
    came = f"http://localhost{ISSUES}?q=is:open&view={view['id']}"
    assert f"{ISSUES}/1?q=is:open" in browser(ada).client.get(
        f"{ISSUES}/2", headers={"Accept": "text/html", "Referer": came}
    ).text.replace("%3A", ":")
