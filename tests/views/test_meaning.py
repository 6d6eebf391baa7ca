"""What was saved with names goes on meaning the same things, and tells them by the names of today."""

import pytest

URL = "/projects/WALL"


@pytest.fixture
def wall(make, ada):
    return make.project(ada, key="WALL", visibility="public")


@pytest.fixture
def ours(api, ada, wall):
    return api(ada)


@pytest.fixture
def label(ours):
    ours.post(f"{URL}/labels", {"name": "other", "color": "#338392"})
    return ours.post(f"{URL}/labels", {"name": "bug", "color": "#d34467"})["id"]


@pytest.fixture
def view(ours, label):
    ours.post(f"{URL}/issues", {"title": "Loose", "labels": ["bug"]})
    ours.post(f"{URL}/issues", {"title": "Whole", "labels": ["other"]})
    return ours.post(f"{URL}/views", {"name": "Bugs", "query": "is:open label:bug,nothing"})["id"]


def shown(browser, who, ours, view):
    """The titles behind a view, as its page leads to them."""
    at = browser(who).get(f"{URL}/views/{view}", status=303).location
    return [one["title"] for one in ours.get(at)["items"]]


@pytest.mark.parametrize(("new", "said"), [("a fault", '"a fault"'), ("none", '"none"'), ("Bugs", "Bugs")])
def test_a_view_follows_a_label_that_is_renamed(browser, ours, ada, label, view, new, said):
    ours.patch(f"{URL}/labels/{label}", {"name": new})
    ours.post(f"{URL}/labels", {"name": "bug", "color": "#338392"})
    kept = ours.get(f"{URL}/views/{view}")
    assert (kept["query"], kept["warnings"]) == (f"is:open label:{said},nothing", [])
    assert [one["query"] for one in ours.get(f"{URL}/views")["items"]] == [kept["query"]]
    assert shown(browser, ada, ours, view) == ["Loose"]
    assert browser(ada).get(f"{URL}/views/{view}/edit").fields["query"] == kept["query"]


def test_a_view_follows_a_label_into_another_and_on(browser, ours, ada, label, view):
    for name in ("fault", "defect"):
        into = ours.post(f"{URL}/labels", {"name": name, "color": "#338392"})["id"]
        ours.post(f"{URL}/labels/{label}/merge", {"into": into}, status=200)
        label = into
    ours.patch(f"{URL}/labels/{label}", {"name": "flaw"})
    assert ours.get(f"{URL}/views/{view}")["query"] == "is:open label:flaw,nothing"
    assert shown(browser, ada, ours, view) == ["Loose"]


def test_a_view_follows_milestones_statuses_and_people(browser, ours, api, ada, eve, wall, make):
    member = make.member(wall, "member")
    milestone = ours.post(f"{URL}/milestones", {"title": "1.0"})["id"]
    status = ours.post(f"{URL}/statuses", {"name": "Asked", "category": "started"})["id"]
    draft = {"milestone": milestone, "status": "Asked", "assignees": [member.id]}
    ours.post(f"{URL}/issues", {"title": "Loose", **draft})
    query = f"milestone:1.0 status:asked assignee:{member.handle or member.name} -milestone:#{milestone + 1}"
    view = ours.post(f"{URL}/views", {"name": "Now", "query": query})["id"]
    ours.patch(f"{URL}/milestones/{milestone}", {"title": "2.0"})
    ours.patch(f"{URL}/statuses/{status}", {"name": "In doubt"})
    api(member).patch("/auth/me", {"name": "Somebody Else"})
    assert ours.get(f"{URL}/views/{view}")["query"].startswith('milestone:2.0 status:"In doubt" assignee:')
    assert shown(browser, ada, ours, view) == ["Loose"]


def test_a_view_says_what_is_gone_and_shows_nothing(browser, ours, ada, label, view):
    ours.delete(f"{URL}/labels/{label}")
    kept = ours.get(f"{URL}/views/{view}")
    assert kept["query"] == "is:open label:bug,nothing"
    assert kept["warnings"] == ["There is no label called “bug” here any more, so nothing matches it."]
    assert shown(browser, ada, ours, view) == []
    someone = browser(ada)
    assert someone.get(f"{URL}/views").says("There is no label called “bug” here any more")
    assert someone.get(someone.get(f"{URL}/views/{view}", status=303).location).says("no label called “bug” here.")


def test_an_id_is_kept_as_what_it_is_called(ours, label):
    view = ours.post(f"{URL}/views", {"name": "Bugs", "query": f"label:#{label}"})
    assert view["query"] == "label:bug"


def test_a_view_over_all_projects_follows_a_project_to_its_new_key(api, browser, ada, make):
    project, ours = make.project(ada, key="GATE", name="The gate"), api(ada)
    make.project(ada, key="ROOF")
    make.issue(project, ada, title="Creaks")
    view = ours.post("/views", {"name": "Gate", "query": "project:gate"})
    ours.patch("/projects/GATE", {"key": "DOOR"})
    assert ours.get(f"/views/{view['id']}")["query"] == "project:DOOR"
    at = browser(ada).get(f"/views/{view['id']}", status=303).location
    assert [one["title"] for one in ours.get(at)["items"]] == ["Creaks"]


def test_a_template_follows_its_labels(ours, label):
    template = ours.post(f"{URL}/templates", {"name": "Fault", "labels": ["bug", "other"]})
    assert template["labels"] == ["bug", "other"]
    ours.patch(f"{URL}/labels/{label}", {"name": "1 flaw"})
    assert ours.get(f"{URL}/templates/{template['id']}")["labels"] == ["1 flaw", "other"]
    into = ours.post(f"{URL}/labels", {"name": "fault", "color": "#338392"})["id"]
    ours.post(f"{URL}/labels/{label}/merge", {"into": into}, status=200)
    assert ours.get(f"{URL}/templates")["items"][0]["labels"] == ["fault", "other"]
    ours.delete(f"{URL}/labels/{into}")
    assert ours.get(f"{URL}/templates")["items"][0]["labels"] == ["other"]


@pytest.mark.parametrize("asked", ["q=is:open+label:bug", "label=bug", "q=label:%22bug%22&sort=updated-desc"])
def test_a_feed_that_was_subscribed_goes_on_meaning_the_same(ours, api, label, view, asked):
    made = ours.post("/auth/feeds", {"name": "Reader", "list": f"{URL}/issues?{asked}"})
    [at] = [one["url"] for one in made["addresses"] if one["format"] == "atom"]
    at = at[at.index("/projects") :]
    into = ours.post(f"{URL}/labels", {"name": "fault", "color": "#338392"})["id"]
    ours.post(f"{URL}/labels/{label}/merge", {"into": into}, status=200)
    ours.patch(f"{URL}/labels/{into}", {"name": "flaw"})
    ours.post(f"{URL}/labels", {"name": "bug", "color": "#338392"})
    feed = api().send("GET", at, status=200).text
    assert "Loose" in feed
    assert "Whole" not in feed
    assert "label:flaw" in feed
    ours.delete(f"{URL}/labels/{into}")
    assert "Loose" not in api().send("GET", at, status=200).text
