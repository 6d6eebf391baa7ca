"""Charts: their numbers are those of the lists that they lead to."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import text

from webapp.db import db, transacting

URL = "/projects/WALL"
LINKS = re.compile(r'<a href="([^"]+)" tabindex="-1"><path class="(created|closed)"[^>]*><title>([\d,]+) ')


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def aged(app):
    """Sets when an issue was opened and closed, as an import does."""

    def age(number, opened, closed=None):
        now = datetime.now(UTC)
        with app.app_context(), transacting() as session:
            session.execute(
                text(
                    "UPDATE issues SET created_at = :opened, closed_at = CASE WHEN state = 'closed' THEN :closed END"
                    " WHERE number = :number"
                ),
                {
                    "opened": now - timedelta(days=opened),
                    "closed": now - timedelta(days=closed or 0),
                    "number": number,
                },
            )

    return age


def flow(charts):
    return {one["status"]: one["numbers"][-1] for one in charts["flow"] if one["numbers"][-1]}


def test_what_is_created_and_closed_is_counted_by_its_day(api, make, project, ada, aged):
    for number in (1, 2, 3):
        make.issue(project, ada, title=f"Stone {number}")
    api(ada).patch(f"{URL}/issues/2", {"state": "closed"})
    aged(1, opened=3)
    aged(2, opened=3, closed=1)
    charts = api(ada).get(f"{URL}/charts?days=30")
    assert charts["created"][-4:] == [2, 0, 0, 1]
    assert charts["closed"][-4:] == [0, 0, 1, 0]
    assert (len(charts["stretches"]), charts["stretches"][-1]["last"]) == (30, f"{datetime.now(UTC).date()}")


def test_weeks_stand_for_a_longer_time(api, make, project, ada, aged):
    make.issue(project, ada)
    make.issue(project, ada)
    aged(1, opened=8)
    charts = api(ada).get(f"{URL}/charts?days=91")
    assert charts["created"][-3:] == [0, 1, 1]
    assert len(api(ada).get(f"{URL}/charts?days=364")["stretches"]) == 52
    api(ada).get(f"{URL}/charts?days=5", status=422)


@pytest.mark.parametrize(
    ("change", "then"),
    [
        (lambda api: api.patch(f"{URL}/issues/1", {"status": "In review"}), {"Backlog": 1, "In review": 1}),
        (lambda api: api.patch(f"{URL}/issues/1", {"state": "closed"}), {"Backlog": 1, "Done": 1}),
        (lambda api: api.delete(f"{URL}/issues/1"), {"Backlog": 1}),
        (lambda api: api.patch(f"{URL}/issues?q=is:open", {"status": "Todo"}), {"Todo": 2}),
        (lambda api: api.post(f"{URL}/issues/1/move", {"project": "SCREE"}, status=200), {"Backlog": 1}),
    ],
    ids=["moved", "closed", "deleted", "many", "to another project"],
)
def test_the_flow_ends_with_what_there_is(api, make, project, ada, change, then):
    make.project(ada, key="SCREE")
    make.issue(project, ada)
    make.issue(project, ada)
    assert flow(api(ada).get(f"{URL}/charts")) == {"Backlog": 2}
    change(api(ada))
    assert flow(api(ada).get(f"{URL}/charts")) == then


def test_what_moves_on_is_counted_where_it_is(api, make, project, ada):
    make.project(ada, key="SCREE")
    make.issue(project, ada)
    api(ada).post(f"{URL}/issues/1/move", {"project": "SCREE"}, status=200)
    assert sum(api(ada).get(f"{URL}/charts")["created"]) == 0
    assert sum(api(ada).get("/projects/SCREE/charts")["created"]) == 1


def test_many_tallies_of_a_day_are_put_together(app, api, make, project, ada):
    make.issue(project, ada)
    for turn in range(50):
        api(ada).patch(f"{URL}/issues/1", {"status": "Todo" if turn % 2 else "Backlog"})
    with app.app_context():
        rows = db.session.scalar(text("SELECT count(*) FROM tallies"))
    assert rows < 60
    assert flow(api(ada).get(f"{URL}/charts")) == {"Todo": 1}


def test_times_are_those_of_what_was_completed(api, make, project, ada, aged):
    for number, opened in ((1, 2), (2, 4), (3, 9)):
        make.issue(project, ada)
        api(ada).patch(f"{URL}/issues/{number}", {"state": "closed"})
        aged(number, opened=opened, closed=0)
    make.issue(project, ada)
    api(ada).patch(f"{URL}/issues/4", {"state": "closed", "close_reason": "not_planned"})
    charts = api(ada).get(f"{URL}/charts?days=30")
    assert (charts["lead"][-1], charts["cycle"][-1], charts["lead"][0]) == (4.0, None, None)


def test_a_cycle_begins_with_the_work(app, api, make, project, ada, aged):
    make.issue(project, ada)
    api(ada).patch(f"{URL}/issues/1", {"status": "In progress"})
    api(ada).patch(f"{URL}/issues/1", {"state": "closed"})
    aged(1, opened=10, closed=0)
    with app.app_context(), transacting() as session:
        session.execute(
            text("UPDATE events SET created_at = now() - interval '3 days' WHERE data ->> 'new' = 'In progress'")
        )
    charts = api(ada).get(f"{URL}/charts?days=30")
    assert (charts["lead"][-1], charts["cycle"][-1]) == (10.0, 3.0)


def test_each_bar_leads_to_the_issues_that_it_counts(api, browser, make, project, ada, aged):
    for number, (opened, closed) in enumerate([(20, 3), (20, 3), (12, 12), (1, None), (0, None)], 1):
        make.issue(project, ada)
        if closed is not None:
            api(ada).patch(f"{URL}/issues/{number}", {"state": "closed"})
        aged(number, opened, closed)
    for days in ("30", "91"):
        found = LINKS.findall(browser(ada).get(f"{URL}/charts?days={days}").text)
        assert {kind for _, kind, _ in found} == {"created", "closed"}
        for address, _, number in found:
            assert api(ada).get(unquote(address.replace("&amp;", "&")))["total"] == int(number), address


def test_a_milestone_burns_up(api, browser, make, project, ada):
    milestone = api(ada).post(f"{URL}/milestones", {"title": 'The "first"'})["id"]
    assert api(ada).get(f"{URL}/milestones/{milestone}/burn-up")["scope"] == []
    for number in (1, 2):
        make.issue(project, ada)
        api(ada).patch(f"{URL}/issues/{number}", {"milestone": milestone})
    api(ada).patch(f"{URL}/issues/1", {"state": "closed"})
    numbers = api(ada).get(f"{URL}/milestones/{milestone}/burn-up")
    assert (numbers["scope"][-1], numbers["done"][-1]) == (2, 1)
    api(ada).patch(f"{URL}/issues/2", {"milestone": None})
    assert api(ada).get(f"{URL}/milestones/{milestone}/burn-up")["scope"][-1] == 1
    page = browser(ada).get(f"{URL}/milestones/{milestone}")
    assert page.says("1 of 1 issues are closed.")


def test_a_chart_says_in_words_what_it_shows(browser, make, project, ada):
    make.issue(project, ada)
    page = browser(ada).get(URL)
    assert page.says("1 issues were created and 0 closed.")
    page = browser(ada).get(f"{URL}/charts")
    assert (
        page.text.count("<figure")
        == page.text.count("<figcaption")
        == page.text.count('<svg viewBox="0 0 640 190" aria-hidden="true"')
        == 3
    )
    assert page.says("As a table")


def test_an_empty_project_has_empty_charts(browser, ada, project):
    assert browser(ada).get(f"{URL}/charts").says("Nothing was completed yet.")


def test_a_project_can_be_deleted_with_its_tallies(app, api, make, project, ada):
    make.issue(project, ada)
    api(ada).delete(URL)
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM tallies")) == 0


TALLIES = "SELECT series, of_id, day, sum(n) FROM tallies WHERE project_id = :id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"


def tallied(app, project):
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text(TALLIES), {"id": project.id})]


def test_new_issues_count_the_same_alone_and_together(app, make, project, ada):
    issue = make.issue(project, ada)
    first = tallied(app, project)
    copied = (
        "INSERT INTO issues (project_id, number, title, body, status_id, author_id) SELECT project_id,"
        " number + many, title, body, status_id, author_id FROM issues, generate_series(1, :most) many WHERE id = :id"
    )
    with app.app_context(), transacting() as session:
        session.execute(text(copied), {"id": issue.id, "most": 2})
    assert tallied(app, project) == [(*key, 3 * n) for *key, n in first]
