"""What waits for somebody's hour is told in one mail, once, by rights of when it is sent."""

import pytest

from tests.hearing.conftest import URL, Wall
from webapp.digests import service

ONE = f"{URL}/1"
MINE = "/account/notifications"
# The mail follows at once; what is posted as a burst, not before that.
ASIDE = 240


@pytest.fixture
def wall(app, api, make, ada):
    return Wall(app, api, make, ada)


@pytest.fixture
def author(wall, api):
    """Somebody who wants comments with the digest, every hour."""
    client = api(wall.who["author"])
    client.patch(MINE, {"commented": "digest", "digest": "hourly"})
    return client


@pytest.fixture
def hour(wall, mailing, sink, author):
    """Lets an hour pass, with the worker at work; gives the digests that came."""

    def pass_by():
        mailing.drain()
        wall.run("UPDATE deliveries SET created_at = created_at - interval '1 hour' WHERE way = 'digest'")
        wall.run("UPDATE notification_settings SET digested_at = digested_at - interval '1 hour'")
        with wall.app.app_context():
            service.post_due()
        sink.mails.clear()
        mailing.drain(ahead=ASIDE)
        mine = [one for one in sink.mails if one.to == [wall.who["author"].email]]
        return [one for one in mine if "the digest" in " ".join(one.body().split())]

    return pass_by


def states(wall):
    return {state for (state,) in wall.run("SELECT state FROM deliveries WHERE way = 'digest'")}


def test_a_digest_tells_what_happened_by_project(wall, hour, make):
    wall.api.post(f"{ONE}/comments", {"body": "It *moves*.\n\nLook."})
    roof = make.project(wall.ada, key="ROOF", name="Roof")
    wall.let_into(roof, "author")
    make.issue(roof, wall.who["author"], title="A tile")
    wall.api.post("/projects/ROOF/issues/1/comments", {"body": "It *fell*."})
    [mail] = hour()
    assert mail.message["Subject"] == "2 issues in Rockery and 1 other project"
    body = mail.body()
    assert body.index("WALL-1 A stone: Ada commented") < body.index("ROOF-1 A tile: Ada commented: “It fell.”")
    assert "because you chose the digest" in " ".join(body.split())
    assert "WALL-1 A stone</a>: Ada commented" in mail.body("html")
    assert "https://cairn.test/projects/WALL/issues/1" in body
    assert states(wall) == {"sent"}


def test_what_is_due_is_told_with_it(wall, hour):
    person = wall.who["author"].id
    for title, days in (("Late", -2), ("Now", 0), ("Soon", 5), ("Some day", 30)):
        number = wall.api.post(URL, {"title": title, "assignees": [person]})["number"]
        wall.run("UPDATE issues SET due_on = current_date + :days WHERE number = :number", days=days, number=number)
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    [mail] = hour()
    assert mail.message["Subject"].endswith("1 overdue")
    told = [name for name in ("Late", "Now", "Soon", "Some day") if f" {name}: " in mail.body()]
    assert told == ["Late", "Now", "Soon"]
    assert "Now: due today" in mail.body()


def test_where_nothing_happened_no_mail_comes(wall, hour):
    wall.run("UPDATE issues SET due_on = current_date")
    assert hour() == []


def test_an_hour_has_one_digest_however_often_it_is_tried(wall, hour, mailing, sink):
    wall.api.post(f"{ONE}/comments", {"body": "First."})
    assert len(hour()) == 1
    wall.api.post(f"{ONE}/comments", {"body": "Second."})
    mailing.drain()
    wall.run("UPDATE deliveries SET created_at = created_at - interval '1 hour' WHERE state = 'waiting'")
    sink.mails.clear()
    with wall.app.app_context():
        assert [service.post_due(), service.post_due()] == [0, 0]
    [mail] = hour()
    assert "Second." in mail.body()
    assert "First." not in mail.body()
    with wall.app.app_context():
        assert service.post_due() == 0


def test_what_happened_after_the_hour_waits_for_the_next(wall, author, mailing):
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    mailing.drain()
    with wall.app.app_context():
        assert service.post_due() == 0
    assert states(wall) == {"waiting"}


def test_in_quiet_hours_no_digest_comes(wall, author, hour):
    (now,) = wall.run("SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::int")[0]
    author.patch(MINE, {"quiet_from": now, "quiet_to": (now + 2) % 24})
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    assert hour() == []
    author.patch(MINE, {"quiet_from": None, "quiet_to": None})
    assert len(hour()) == 1


@pytest.mark.parametrize(
    "end",
    [
        "DELETE FROM memberships WHERE user_id = :author",
        "UPDATE users SET is_active = false WHERE id = :author",
        "INSERT INTO issue_watches VALUES ((SELECT min(id) FROM issues), :author, 'nothing')",
        "UPDATE issues SET deleted_at = now() WHERE :author > 0",
        "UPDATE projects SET archived_at = now() WHERE :author > 0",
    ],
)
def test_what_may_not_be_told_any_more_is_not(wall, hour, end):
    wall.api.post(f"{ONE}/comments", {"body": "A secret."})
    wall.run(end, author=wall.who["author"].id)
    assert hour() == []


def test_a_digest_ends_with_one_click(wall, hour, author, browser):
    author.patch("/projects/WALL/notifications", {"state": "digest"})
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    [mail] = hour()
    address = mail.message["List-Unsubscribe"].strip("<>").removeprefix("https://cairn.test")
    wall.app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
    assert author.get(MINE)["commented"] == "inbox"
    assert author.get("/projects/WALL/notifications")["state"] == "inbox"


def test_what_waits_for_a_digest_does_not_come_with_one_that_was_ended(wall, hour, author, mailing):
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    [mail] = hour()
    wall.api.post(f"{ONE}/comments", {"body": "It stands."})
    mailing.drain()
    address = mail.message["List-Unsubscribe"].strip("<>").removeprefix("https://cairn.test")
    wall.app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
    assert hour() == []
    assert states(wall) == {"sent", "dropped"}
