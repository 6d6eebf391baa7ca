"""Whoever watches a view hears when an issue begins to match it."""

import pytest

from webapp.jobs import worker

PROJECT, ISSUES = "/projects/WALL", "/projects/WALL/issues"


@pytest.fixture
def wall(make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    make.issue(project, ada, title="Loose", labels=["bug"])
    make.issue(project, ada, title="Cracked")
    return project


@pytest.fixture
def bob(make, wall):
    return make.member(wall, "member")


@pytest.fixture
def watch(api, bob, wall):
    """Bob watches a view of this query; gives where it is."""

    def watch(query, **more):
        view = api(bob).post(f"{PROJECT}/views", {"name": query, "query": query, **more})
        at = f"{PROJECT}/views/{view['id']}"
        assert api(bob).send("PUT", f"{at}/watch", status=200).json == {"watched": True}
        return at

    return watch


@pytest.fixture
def told(app, api, ada, bob):
    """The numbers of the issues that Bob is told of since, because of a view."""
    from webapp.db import db, transacting

    def told():
        worker.drain(app)
        with app.app_context(), transacting():
            rows = db.session.execute(
                db.text(
                    "SELECT number FROM deliveries JOIN issues ON issues.id = issue_id WHERE reason = 'query'"
                    " AND way = 'inbox' AND deliveries.user_id = :bob ORDER BY number"
                ),
                {"bob": bob.id},
            )
            found = [number for (number,) in rows]
            db.session.execute(db.text("DELETE FROM deliveries"))
        return found

    return told


def test_what_begins_to_match_is_told_and_what_matched_before_is_not(api, ada, watch, told):
    watch("is:open label:bug")
    api(ada).patch(f"{ISSUES}/1", {"title": "Very loose"})
    assert told() == []
    api(ada).patch(f"{ISSUES}/2", {"labels": ["bug"]})
    assert told() == [2]
    api(ada).patch(f"{ISSUES}/2", {"title": "Very cracked"})
    assert told() == []
    api(ada).patch(f"{ISSUES}/1", {"state": "closed"})
    api(ada).post(ISSUES, {"title": "New", "labels": ["bug"]})
    assert told() == [3]
    api(ada).patch(f"{ISSUES}/1", {"state": "open"})
    assert told() == [1]


def test_a_query_that_means_another_for_each_is_asked_for_its_reader(api, ada, bob, watch, told):
    watch("assignee:@me priority:high")
    api(ada).patch(f"{ISSUES}/1", {"assignees": [ada.id], "priority": "high"})
    assert told() == []
    api(ada).patch(f"{ISSUES}/2", {"assignees": [bob.id]})
    told()
    api(ada).patch(f"{ISSUES}/2", {"priority": "high"})
    assert told() == [2]


def test_who_wants_nothing_of_a_project_hears_of_no_view_either(api, ada, bob, watch, told):
    watch("is:open label:bug")
    api(bob).send("PUT", f"{PROJECT}/watch", json={"level": "nothing"}, status=200)
    api(ada).patch(f"{ISSUES}/2", {"labels": ["bug"]})
    assert told() == []


def test_another_query_is_told_from_then_on(api, ada, bob, watch, told):
    at = watch("label:bug")
    api(bob).patch(at, {"query": "priority:high"})
    api(ada).patch(f"{ISSUES}/1", {"priority": "high"})
    assert told() == []  # the first change finds out what matches
    api(ada).patch(f"{ISSUES}/2", {"priority": "high"})
    assert told() == [2]


def test_a_label_of_another_name_is_the_same(api, ada, watch, told):
    watch("label:bug")
    label = api(ada).get(f"{PROJECT}/labels")["items"][0]
    api(ada).patch(f"{PROJECT}/labels/{label['id']}", {"name": "fault"})
    api(ada).patch(f"{ISSUES}/2", {"labels": ["fault"]})
    assert told() == [2]


def test_who_watches_no_more_hears_no_more(api, ada, bob, watch, told):
    at = watch("label:bug")
    api(bob).delete(f"{at}/watch")
    assert api(bob).get(f"{at}/watch") == {"watched": False}
    api(ada).patch(f"{ISSUES}/2", {"labels": ["bug"]})
    assert told() == []


def test_a_view_that_is_somebody_elses_alone_is_not_watched(api, ada, bob, watch, told):
    view = api(ada).post(f"{PROJECT}/views", {"name": "Mine", "query": "label:bug"})
    api(bob).send("PUT", f"{PROJECT}/views/{view['id']}/watch", status=404)
    shared = api(ada).post(f"{PROJECT}/views", {"name": "Ours", "query": "label:bug", "shared": True})
    api(bob).send("PUT", f"{PROJECT}/views/{shared['id']}/watch", status=200)
    api(ada).patch(f"{PROJECT}/views/{shared['id']}", {"shared": False})
    api(ada).patch(f"{ISSUES}/2", {"labels": ["bug"]})
    assert told() == []


def test_a_view_that_finds_too_many_is_refused(api, bob, watch, monkeypatch):
    monkeypatch.setattr("webapp.watching.matching.MOST", 1)
    view = api(bob).post(f"{PROJECT}/views", {"name": "All", "query": "is:all"})
    refused = api(bob).send("PUT", f"{PROJECT}/views/{view['id']}/watch", status=409).json
    assert refused["detail"] == "The view All finds more than 1 issues. Watch one that finds fewer."


def test_one_that_was_changed_to_find_too_many_tells_nothing_until_it_finds_fewer(
    api, ada, bob, watch, told, monkeypatch
):
    at = watch("label:bug")
    monkeypatch.setattr("webapp.watching.matching.MOST", 1)
    api(bob).patch(at, {"query": "is:open"})
    for number in (1, 2, 1, 2):
        api(ada).patch(f"{ISSUES}/{number}", {"title": f"Another {number}"})
        assert told() == []
        api(ada).patch(f"{ISSUES}/{number}", {"title": f"The same {number}"})
    api(ada).patch(f"{ISSUES}/2", {"state": "closed"})
    assert told() == []
    api(ada).patch(f"{ISSUES}/2", {"state": "open"})
    assert told() == [2]


def test_what_moved_away_and_came_back_begins_to_match_again(api, ada, make, watch, told):
    make.project(ada, key="GATE")
    watch("is:all")
    api(ada).post(f"{ISSUES}/1/move", {"project": "GATE"}, status=200)
    assert told() == []
    api(ada).post("/projects/GATE/issues/1/move", {"project": "WALL"}, status=200)
    assert told() == [3]  # its number there by now


def test_a_change_costs_one_statement_for_each_watched_view(api, app, ada, make, wall, statements):
    def cost():
        api(ada).patch(f"{ISSUES}/1", {"priority": next(priorities)})
        statements.clear()
        worker.drain(app)
        return len([one for one in statements if "SAVEPOINT" not in one and " jobs" not in one])

    priorities = iter(["low", "medium", "high"])
    without = cost()
    view = api(ada).post(f"{PROJECT}/views", {"name": "Ours", "query": "is:open", "shared": True})
    for _ in range(3):
        api(make.member(wall, "member")).send("PUT", f"{PROJECT}/views/{view['id']}/watch", status=200)
    # The project, the views, one for the view itself, and what was noted.
    assert cost() <= without + 4


def test_what_another_query_finds_is_asked_once_for_all(api, app, ada, make, wall, statements):
    view = api(ada).post(f"{PROJECT}/views", {"name": "Ours", "query": "is:open", "shared": True})
    at = f"{PROJECT}/views/{view['id']}"
    for _ in range(3):
        api(make.member(wall, "member")).send("PUT", f"{at}/watch", status=200)
    worker.drain(app)
    api(ada).patch(at, {"query": "is:open label:bug"})
    api(ada).patch(f"{ISSUES}/1", {"priority": "high"})
    statements.clear()
    worker.drain(app)
    finds = [one for one in statements if one.startswith("SELECT issues.id") and "issue_labels" in one]
    assert len(finds) == 2  # the whole view, and the changed issue


def test_the_list_of_views_has_one_too_and_goes_on_there(api, browser, bob, watch):
    view = api(bob).post(f"{PROJECT}/views", {"name": "Bugs", "query": "label:bug"})
    look, at = browser(bob), f"{PROJECT}/views/{view['id']}/watch"
    came = {"headers": {"Referer": f"http://localhost{PROJECT}/views"}}
    assert look.get(f"{PROJECT}/views").says("Watch Bugs")
    assert look.post(at, **came).location == f"{PROJECT}/views"
    assert look.get(f"{PROJECT}/views").says("Stop watching Bugs")
    assert look.post(f"{at}/delete", **came).location == f"{PROJECT}/views"
    assert look.get(f"{PROJECT}/views").says("Watch Bugs")


def test_the_row_of_views_has_a_button(api, browser, bob, watch):
    view = api(bob).post(f"{PROJECT}/views", {"name": "Bugs", "query": "label:bug", "pinned": True})
    look, at = browser(bob), f"{PROJECT}/views/{view['id']}"
    shown = f"{ISSUES}?q=label%3Abug&view={view['id']}"
    assert "Watch</button>" in look.get(shown).text
    look.post(f"{at}/watch")
    look.get("/")
    assert "Watching</button>" in look.get(shown).text
    look.post(f"{at}/watch/delete")
    look.get("/")
    assert "Watch</button>" in look.get(shown).text
