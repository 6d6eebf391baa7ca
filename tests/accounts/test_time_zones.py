"""Pages tell times where the reader is; JSON is in UTC."""

from datetime import UTC, datetime

import pytest

from webapp import zones


@pytest.fixture
def at(app):
    """Moves everything of a project to one point in time."""

    def move(project, moment):
        from sqlalchemy import update

        from webapp.db import transacting
        from webapp.models.issues import Issue

        with app.app_context(), transacting() as session:
            session.execute(update(Issue).where(Issue.project_id == project.id).values(created_at=moment))

    return move


LATE = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("UTC", "31 Mar 2026, 22:30 UTC"),
        ("Europe/Zurich", "1 Apr 2026, 00:30 CEST"),
        ("Asia/Kolkata", "1 Apr 2026, 04:00 IST"),
        ("America/Sao_Paulo", "31 Mar 2026, 19:30 UTC-03"),
    ],
)
def test_a_page_is_in_the_zone_of_its_reader(api, browser, ada, make, at, zone, told):
    project = make.project(ada, key="WALL")
    make.issue(project, ada)
    at(project, LATE)
    api(ada).patch("/auth/me", {"time_zone": zone})
    page = browser(ada).get("/projects/WALL/issues/1")
    assert f'title="{told}"' in page.text
    assert 'datetime="2026-03-31T22:30:00Z"' in page.text
    assert api(ada).get("/projects/WALL/issues/1")["created_at"] == "2026-03-31T22:30:00Z"


def test_a_remembered_row_is_for_its_zone_only(api, browser, ada, eve, make, at):
    project = make.project(ada, key="WALL", visibility="internal")
    make.issue(project, ada)
    at(project, LATE)
    api(ada).patch("/auth/me", {"time_zone": "Europe/Zurich"})
    for who, told in ((eve, "22:30 UTC"), (ada, "00:30 CEST"), (eve, "22:30 UTC")):
        assert told in browser(who).get("/projects/WALL/issues").text


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../../etc/passwd", "", "europe/zurich", "a\x00", "x" * 65, "Factory", None, 1]
)
def test_what_is_no_zone_is_refused(api, ada, zone):
    assert api(ada).patch("/auth/me", {"time_zone": zone}, status=422)["errors"][0]["field"] == "time_zone"
    assert api(ada).get("/auth/me")["time_zone"] == "UTC"


def test_the_account_page_changes_it(browser, ada):
    here = browser(ada)
    here.post("/auth/me", {"name": "Ada", "time_zone": "Asia/Tokyo"})
    assert '<option value="Asia/Tokyo" selected>' in here.get("/auth/me").text


def test_a_former_name_is_understood_and_kept(api, browser, ada):
    assert api(ada).patch("/auth/me", {"time_zone": "US/Eastern"})["time_zone"] == "US/Eastern"
    assert '<option value="US/Eastern" selected>' in browser(ada).get("/auth/me").text


def test_a_name_that_this_machine_does_not_know_is_utc():
    assert zones.named("Nowhere/Here") is UTC


def test_a_change_of_the_zone_leaves_the_name(api, ada):
    assert api(ada).patch("/auth/me", {"time_zone": "Europe/Zurich"})["name"] == "Ada"
    assert api(ada).patch("/auth/me", {"name": "Grace"})["time_zone"] == "Europe/Zurich"
