"""An administrator deactivates a spammer and puts all that they made of late into the trash, in one act."""

import pytest
from sqlalchemy import text

from webapp.db import transacting
from webapp.jobs.worker import drain
from webapp.people import purging

PILLS = "Cheap pills"


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture
def spam(make, ada, eve):
    """Eve's issue with a comment of Ada's and one of her own, her comment on Ada's issue, and one of Ada's there."""
    project = make.project(ada, key="WALL", visibility="public")
    other = make.project(ada, key="SCREE", visibility="public")
    hers, adas = make.issue(project, eve, title=PILLS), make.issue(other, ada)
    make.comment(project, hers, ada), make.comment(project, hers, eve, "More pills.")
    return project, other, make.comment(other, adas, eve, "Pills!"), make.comment(other, adas, ada, "Well.")


def at(person, rest="/purge"):
    return f"/admin/people/{person.id}{rest}"


def shown(api, ada):
    """What is there: titles of issues, texts of comments on Ada's."""
    titles = [one["title"] for one in api(ada).get("/issues")["items"]]
    return titles, [one["body"] for one in api(ada).get("/projects/SCREE/issues/1/comments")["items"]]


def older(app, days):
    with app.app_context(), transacting() as session:
        for table in ("issues", "comments"):
            session.execute(text(f"UPDATE {table} SET created_at = created_at - interval '{days} days'"))


def test_a_page_says_first_what_would_go(api, browser, root, eve, spam):
    counted = api(root).get(at(eve))
    assert counted == {"last_days": 30, "issues": 1, "comments": 1, "archived": 0, "later": False}
    page = browser(root)
    assert at(eve) in page.get(at(eve, "")).links
    asked = page.get(f"{at(eve)}?last_days=7")
    assert asked.fields["last_days"] == "7"
    assert asked.says("Put all that Eve made of late into the trash?")


@pytest.mark.parametrize("typed", ["many", "0", "9" * 30])
def test_days_that_are_none_stay_typed(browser, root, eve, spam, typed):
    page = browser(root).get(f"{at(eve)}?last_days={typed}", status=422)
    assert page.says("In the last days must be")
    assert page.text.count(f'value="{typed}"') == 1


def test_all_of_it_goes_and_they_are_out(api, browser, root, ada, eve, spam):
    here, page = api(eve), browser(root)
    gone = page.post(at(eve), {"last_days": "30"})
    assert page.get(gone.location).says("Deactivated")
    assert shown(api, ada) == (["A stone is loose"], ["Well."])
    here.get("/auth/me", status=403)


def test_json_does_the_same(api, root, ada, eve, spam):
    done = api(root).post(at(eve), {"last_days": 1}, status=200)
    assert (done["issues"], done["comments"], done["later"]) == (1, 1, False)
    assert shown(api, ada) == (["A stone is loose"], ["Well."])


def test_each_thing_is_restored_from_the_trash(api, browser, root, ada, eve, spam):
    api(root).post(at(eve), {}, status=200)
    owner, (_, _, comment, _) = browser(ada), spam
    assert owner.get("/projects/WALL/trash").says(PILLS)
    assert owner.get("/projects/SCREE/trash").says("Pills!")
    owner.post("/projects/WALL/issues/1/restoration")
    owner.post(f"/projects/SCREE/issues/1/comments/{comment.id}/restoration")
    titles, bodies = shown(api, ada)
    assert sorted(titles) == ["A stone is loose", PILLS]
    assert bodies == ["Pills!", "Well."]
    assert len(api(ada).get("/projects/WALL/issues/1/comments")["items"]) == 2


def test_what_is_older_stays(app, api, root, ada, eve, spam):
    older(app, 8)
    assert api(root).get(f"{at(eve)}?last_days=7")["issues"] == 0
    api(root).post(at(eve), {"last_days": 7}, status=200)
    assert PILLS in shown(api, ada)[0]
    assert api(root).post(at(eve), {"last_days": 9}, status=200)["issues"] == 1
    assert PILLS not in shown(api, ada)[0]


def test_a_private_issue_goes_too(api, make, root, ada, eve, spam):
    make.issue(spam[0], eve, title="Secret pills", private=True)
    assert api(root).post(at(eve), {}, status=200)["issues"] == 2
    assert "Secret pills" not in shown(api, ada)[0]


def test_archived_projects_stay_as_they_are_and_that_is_said(api, browser, root, ada, eve, spam):
    api(ada).post("/projects/WALL/archive", status=200)
    assert browser(root).get(at(eve)).says("In archived projects, where all stays")
    done = api(root).post(at(eve), {}, status=200)
    assert (done["issues"], done["comments"], done["archived"]) == (0, 1, 1)
    assert api(ada).get("/projects/WALL/issues/1")["title"] == PILLS


def test_much_is_done_by_a_worker(app, api, browser, root, ada, eve, spam, monkeypatch):
    monkeypatch.setattr(purging, "AT_ONCE", 1)
    monkeypatch.setattr(purging, "BATCH", 1)
    assert browser(root).get(at(eve)).says("That is much")
    assert api(root).post(at(eve), {}, status=200)["later"]
    assert PILLS in shown(api, ada)[0]
    assert "purge_person" in drain(app)
    assert shown(api, ada) == (["A stone is loose"], ["Well."])


def test_what_is_long_lets_others_go_before(app, api, make, root, ada, eve, spam, monkeypatch):
    """One job does a step, here of one thing, and leaves the rest to another: what waited meanwhile comes first."""
    for name, value in (("AT_ONCE", 1), ("BATCH", 1), ("ENOUGH", -1.0)):
        monkeypatch.setattr(purging, name, value)
    for project in spam[:2]:
        issue = make.issue(project, ada)
        for _time in range(2):
            make.issue(project, eve, title=PILLS), make.comment(project, issue, eve, "Pills!")
    counted = api(root).post(at(eve), {}, status=200)
    assert (counted["issues"], counted["comments"]) == (5, 5)
    done = drain(app)
    steps = [place for place, name in enumerate(done) if name == "purge_person"]
    assert len(steps) == counted["issues"] + counted["comments"] + 1
    assert "hear" in done[steps[0] : steps[-1]]
    assert PILLS not in shown(api, ada)[0]
    left = api(root).get(at(eve))
    assert (left["issues"], left["comments"]) == (0, 0)


def test_a_worker_does_nothing_for_who_administrates_no_more(app, api, make, root, ada, eve, spam, monkeypatch):
    monkeypatch.setattr(purging, "AT_ONCE", 1)
    api(root).post(at(eve), {}, status=200)
    api(make.person("Second", is_admin=True)).patch(at(root, ""), {"is_admin": False})
    drain(app)
    assert PILLS in shown(api, ada)[0]


def test_who_is_out_already_is_purged_all_the_same(api, root, ada, eve, spam):
    api(root).patch(at(eve, ""), {"is_active": False})
    assert api(root).post(at(eve), {}, status=200)["issues"] == 1
    assert PILLS not in shown(api, ada)[0]
    assert api(root).post(at(eve), {}, status=200)["issues"] == 0


def test_one_record_tells_how_much_it_was(api, root, eve, spam):
    api(root).post(at(eve), {"last_days": 3}, status=200)
    records = api(root).get(f"/admin/audit?person={eve.email}")["items"]
    purged = [one for one in records if one["kind"] == "user_purged"]
    assert [one["after"] for one in purged] == [{"days": 3, "issues": 1, "comments": 1}]


@pytest.mark.parametrize("days", ["0", "366", "soon", "1.5", "-1"])
def test_other_days_are_refused_by_their_name(api, browser, root, eve, spam, days):
    assert api(root).get(f"{at(eve)}?last_days={days}", status=422)["errors"][0]["field"] == "last_days"
    page = browser(root).post(at(eve), {"last_days": days}, status=422)
    assert page.fields["last_days"]
    assert api(root).get(at(eve, ""))["is_active"]


def test_nobody_does_it_to_themselves_and_no_other_does_it(api, make, root, ada, eve, spam):
    make.person("Second", is_admin=True)
    assert "own account" in api(root).post(at(root), {}, status=409)["detail"]
    for method in ("GET", "POST"):
        refused = api(ada).send(method, at(eve), json={} if method == "POST" else None, status=403)
        assert "Only administrators" in refused.json["detail"]
    assert PILLS in shown(api, ada)[0]
    api(root).get(at(eve).replace(str(eve.id), "999999999"), status=404)
