"""Milestones and assignees come along, once, and what is changed here stays."""

from tests.exchange.exports import closed, issue, milestone


def first(api, ada):
    return api(ada).get("/projects/WALL/issues/1")


def stages(api, ada):
    return [(one["title"], one["state"]) for one in api(ada).get("/projects/WALL/milestones")["items"]]


def planned(**fields):
    return issue(1, milestone=milestone(3), assignees=[{"login": "mona"}, {"login": "Octo"}], **fields)


def test_an_issue_keeps_its_milestone_and_assignees(api, browser, ada, bring):
    done = milestone(4, state="closed", closed_at="2020-12-01T00:00:00Z", due_on=None)
    bring([planned(), issue(2, milestone=done, assignee={"login": "mona"}), issue(4, milestone=milestone(3))])
    found = first(api, ada)
    assert (found["milestone"]["title"], sorted(one["name"] for one in found["assignees"])) == (
        "Stage 3",
        ["Octo", "mona"],
    )
    near, far = api(ada).get("/projects/WALL/milestones")["items"]
    assert (near["title"], near["due_on"], near["description"]) == ("Stage 3", "2021-01-31", "Far away")
    assert (near["open_issues"], far["closed_at"], far["state"]) == (2, "2020-12-01T00:00:00Z", "closed")
    assert api(ada).get("/projects/WALL/issues/2")["assignees"][0]["name"] == "mona"
    assert browser(ada).get("/projects/WALL/issues/1").says("Stage 3")


def test_a_second_run_doubles_nothing(api, ada, bring):
    bring([planned()])
    before = first(api, ada), api(ada).get("/projects/WALL/milestones")["items"]
    told = bring([planned()])
    assert "0 issues added, 0 changed, 1 unchanged" in told
    assert (first(api, ada), api(ada).get("/projects/WALL/milestones")["items"]) == before


def test_what_was_imported_without_them_gets_them(api, ada, bring):
    bring([issue(1)])
    assert "1 changed" in bring([planned()])
    assert (first(api, ada)["milestone"]["title"], len(first(api, ada)["assignees"])) == ("Stage 3", 2)


def test_an_archive_that_does_not_speak_of_them_takes_nothing_away(api, ada, bring):
    bring([planned()])
    bring([issue(1, title="Later", updated_at="2021-01-01T00:00:00Z")])
    found = first(api, ada)
    assert (found["title"], found["milestone"]["title"], len(found["assignees"])) == ("Later", "Stage 3", 2)
    bring([issue(1, milestone=None, assignees=[], updated_at="2021-01-01T00:00:00Z", title="Later")])
    assert (first(api, ada)["milestone"], first(api, ada)["assignees"]) == (None, [])


def test_what_was_changed_here_stays(api, ada, bring):
    bring([planned()])
    stage = api(ada).get("/projects/WALL/milestones")["items"][0]
    api(ada).patch(f"/projects/WALL/milestones/{stage['id']}", {"title": "Ours", "state": "closed"})
    told = bring([planned()])
    assert "1 milestones: kept as edited here" in told
    assert stages(api, ada) == [("Ours", "closed")]
    api(ada).patch("/projects/WALL/issues/1", {"milestone": None, "assignees": [ada.id]})
    told = bring([planned()])
    assert "1 issues: kept as edited here" in told
    assert "2 assignees: their issues were kept as edited here" in told
    found = first(api, ada)
    assert (found["milestone"], [one["name"] for one in found["assignees"]]) == (None, ["Ada"])


def test_what_changed_over_there_comes_along(api, ada, bring):
    bring([planned()])
    told = bring([issue(1, milestone=milestone(3, title="New", **closed()), assignees=["mona"])])
    assert "1 changed" in told
    assert stages(api, ada) == [("New", "closed")]
    assert [one["name"] for one in first(api, ada)["assignees"]] == ["mona"]


def test_a_milestone_whose_new_title_is_anothers_here_stops_no_import(api, ada, bring):
    bring([planned()])
    api(ada).post("/projects/WALL/milestones", {"title": "Near"})
    told = bring([issue(1, milestone=milestone(3, title="near"), title="Later", updated_at="2021-01-01T00:00:00Z")])
    assert "1 milestones: another one is called so here" in told
    assert (first(api, ada)["title"], first(api, ada)["milestone"]["title"]) == ("Later", "Stage 3")


def test_two_milestones_that_exchange_their_titles_stop_no_import(api, ada, bring):
    bring([planned(), issue(2, milestone=milestone(4))])
    told = bring(
        [issue(1, milestone=milestone(3, title="Stage 4")), issue(2, milestone=milestone(4, title="Stage 3"))]
    )
    assert "2 milestones: another one is called so here" in told
    assert sorted(stages(api, ada)) == [("Stage 3", "open"), ("Stage 4", "open")]


def test_a_new_milestone_with_the_former_title_of_another_is_a_new_one(api, ada, bring):
    bring([planned()])
    other = milestone(4, title="Stage 3", description="Near")
    bring([issue(1, milestone=milestone(3, title="Later")), issue(2, milestone=other)])
    assert sorted(stages(api, ada)) == [("Later", "open"), ("Stage 3", "open")]
    assert first(api, ada)["milestone"]["title"] == "Later"
    assert api(ada).get("/projects/WALL/issues/2")["milestone"]["title"] == "Stage 3"


def test_a_milestone_that_was_deleted_here_stays_deleted(api, ada, bring):
    bring([planned()])
    api(ada).delete(f"/projects/WALL/milestones/{api(ada).get('/projects/WALL/milestones')['items'][0]['id']}")
    told = bring([planned()])
    assert "1 milestones: only issues that were edited or deleted here have them" in told
    assert stages(api, ada) == []


def test_one_of_the_same_title_is_the_same(api, ada, make, bring):
    make.project(ada, key="WALL")
    api(ada).post("/projects/WALL/milestones", {"title": "STAGE 3", "description": "Ours"})
    bring([planned()])
    assert stages(api, ada) == [("STAGE 3", "open")]
    assert first(api, ada)["milestone"]["title"] == "STAGE 3"


def test_a_form_keeps_an_assignee_who_is_no_member(api, browser, ada, bring):
    bring([issue(1, assignees=["mona"])])
    someone = browser(ada)
    form = someone.get("/projects/WALL/issues/1/edit").fields
    someone.post("/projects/WALL/issues/1", {**form, "title": "Ours"})
    found = first(api, ada)
    assert (found["title"], [one["name"] for one in found["assignees"]]) == ("Ours", ["mona"])
