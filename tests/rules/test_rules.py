"""By which way somebody hears of what, as they chose it; through JSON, forms, and what is told then."""

from dataclasses import replace

import pytest

from tests.hearing.conftest import URL, Wall
from webapp.jobs import worker
from webapp.mail import office
from webapp.rules import service as rules

ONE = f"{URL}/1"
MINE = "/account/notifications"
HERE = "/projects/WALL/notifications"
WAYS = {
    "mail": {"inbox", "mail"},
    "digest": {"inbox", "digest"},
    "inbox": {"inbox"},
    "nothing": set(),
}


@pytest.fixture
def wall(app, api, make, ada):
    return Wall(app, api, make, ada)


@pytest.fixture
def author(wall, api):
    return api(wall.who["author"])


def ways_to(wall, name):
    """By which ways somebody was told of what was done."""
    worker.drain(wall.app)
    found = wall.run("SELECT way, rule FROM deliveries WHERE user_id = :id", id=wall.who[name].id)
    return {way for way, _ in found}, {rule for _, rule in found}


def test_who_chose_nothing_has_what_is_usual(author):
    told = author.get(MINE)
    assert [told[news] for news in ("assigned", "mentioned", "commented")] == ["mail"] * 3
    assert [told[news] for news in ("state", "new_issue", "query", "changed")] == ["inbox"] * 4
    assert (told["own_acts"], told["quiet_from"], told["digest"], told["digest_hour"]) == (False, None, "daily", 8)
    assert told["projects"] == []


@pytest.mark.parametrize("way", WAYS)
def test_news_come_by_the_chosen_way(wall, author, way):
    assert author.patch(MINE, {"commented": way})["commented"] == way
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    assert ways_to(wall, "author")[0] == WAYS[way]
    assert ways_to(wall, "commenter")[0] == WAYS["mail"]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_chosen_for_a_project_goes_before_what_is_for_all(wall, author, way):
    author.patch(MINE, {"commented": "digest"})
    assert author.patch(HERE, {"commented": way})["commented"] == way
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    told, rules = ways_to(wall, "author")
    assert told == WAYS[way]
    assert rules <= {"chosen for the project"}
    assert [one["project"] for one in author.get(MINE)["projects"]] == ["WALL"]


def test_an_exception_ends(wall, author):
    author.patch(HERE, {"commented": "nothing", "state": "mail"})
    assert author.patch(HERE, {"commented": None}) == author.get(HERE)
    assert (author.get(HERE)["commented"], author.get(HERE)["state"]) == (None, "mail")
    author.delete(HERE)
    assert author.get(MINE)["projects"] == []
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    assert ways_to(wall, "author") == ({"inbox", "mail"}, {"usual"})


@pytest.mark.parametrize("wished", [False, True])
def test_own_acts_are_told_to_whoever_wishes_it(wall, author, wished):
    author.patch(MINE, {"own_acts": wished})
    author.post(f"{ONE}/comments", {"body": "I did it."})
    assert bool(ways_to(wall, "author")[0]) is wished


def test_mails_wait_until_the_quiet_hours_end_and_the_inbox_does_not(wall, author, app):
    (hour,) = wall.run("SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::int")[0]
    author.patch(MINE, {"quiet_from": hour, "quiet_to": (hour + 2) % 24})
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    assert ways_to(wall, "author")[0] == {"inbox", "mail"}
    due = wall.run(
        "SELECT extract(hour FROM due_at AT TIME ZONE 'UTC')::int, extract(minute FROM due_at)::int FROM mails"
        " WHERE user_id = :id",
        id=wall.who["author"].id,
    )
    assert due == [((hour + 2) % 24, 0)]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"commented": "pigeon"}, "commented"),
        ({"commented": None}, "commented"),
        ({"quiet_from": 22}, "quiet_to"),
        ({"quiet_to": 7}, "quiet_from"),
        ({"quiet_from": 7, "quiet_to": 7}, "quiet_to"),
        ({"quiet_from": 24, "quiet_to": 7}, "quiet_from"),
        ({"digest": "yearly"}, "digest"),
        ({"digest_hour": 24}, "digest_hour"),
        ({"digest_day": "someday"}, "digest_day"),
        ({"birthday": "mail"}, "birthday"),
    ],
)
def test_what_cannot_be_chosen_is_refused_by_its_name(author, sent, field):
    before = author.get(MINE)
    assert [one["field"] for one in author.patch(MINE, sent, status=422)["errors"]] == [field]
    assert author.get(MINE) == before


def test_hours_are_called_as_their_form_calls_them(author, wall, browser):
    page = browser(wall.who["author"])
    assert page.post(MINE, {"quiet_from": "22", "quiet_to": ""}, status=422).says("Until must be given too")
    assert page.post(MINE, {"quiet_from": "", "quiet_to": "7"}, status=422).says("Mails wait from must be given too")


def test_a_page_chooses_without_scripts(wall, browser):
    person = browser(wall.who["author"])
    page = person.get(MINE)
    assert "Notifications" in page.text
    form = {"commented": "digest", "own_acts": "True", "quiet_from": "22", "quiet_to": "7", "digest": "weekly"}
    person.post(MINE, form)
    assert 'value="digest" selected' in person.get(MINE).text
    person.post(HERE, {"commented": "nothing", "state": ""})
    assert "WALL" in person.get(MINE).text
    assert 'value="nothing" selected' in person.get(HERE).text
    assert "must be given too" in person.post(MINE, {"quiet_from": "22", "quiet_to": ""}, status=422).text


def test_rules_of_any_number_of_people_are_one_statement(wall, app, author, statements):
    author.patch(HERE, {"commented": "nothing"})
    statements.clear()
    with app.app_context():
        rules.of([one.id for one in wall.who.values()], [wall.project.id])
    assert len(statements) == 1


def test_a_test_is_sent_and_its_end_is_shown(wall, author, browser, mailing, sink):
    person = browser(wall.who["author"])
    person.post(f"{MINE}/test", {})
    assert "it waits since" in person.get(MINE).text
    mailing.drain()
    assert [one.to for one in sink.mails] == [[wall.who["author"].email]]
    page = person.get(MINE).text
    assert "it was sent on" in page
    assert "250 2.0.0" in page


def test_where_no_mail_is_sent_it_says_so(author, mailing, wall, browser, monkeypatch):
    monkeypatch.setattr(office, "_office", replace(office.office(), server=None, folder=None))
    assert author.get(MINE)["mail"] is False
    assert "MAIL_URL" in author.post(f"{MINE}/test", status=409)["detail"]
    assert "sends no mail" in browser(wall.who["author"]).get(MINE).text
