"""A token ends: its owner hears of that before, and in time it is forgotten."""

import pytest
from sqlalchemy import text

from tests.auth.test_password import NEW
from webapp.auth import changing
from webapp.db import transacting
from webapp.feeds import service as feeds
from webapp.feeds.schemas import FeedTokenIn
from webapp.jobs.tasks import TASKS


def change(app, statement, **values):
    with app.app_context(), transacting() as session:
        return session.execute(text(statement), values)


def count(app, table):
    with app.app_context(), transacting() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}"))


@pytest.fixture
def worker(app):
    """Does what comes round by itself."""

    def run(name):
        with app.app_context():
            TASKS[name].function()

    return run


@pytest.fixture
def told(app, mailing, sink, worker):
    """To whom a mail goes of what ends soon, and what it says."""

    def told():
        sink.mails.clear()
        worker("warn_of_ending_tokens")
        worker("warn_of_ending_feeds")
        mailing.drain()
        return [(mail.to[0], str(mail.message["Subject"])) for mail in sink.mails]

    return told


def ends_in(app, token_id, days):
    began = "created_at = now() - interval '90 days'"
    change(
        app,
        f"UPDATE sign_ins SET {began}, ends_at = now() + make_interval(days => :days) WHERE id = :id",
        id=token_id,
        days=days,
    )


def test_its_owner_hears_of_the_end_a_week_before_and_once(app, ada, made, told):
    row, _ = made(ada)
    ends_in(app, row.id, 8)
    assert told() == []
    ends_in(app, row.id, 6)
    assert told() == [(ada.email, "Your token “Nightly report” ends soon")]
    assert told() == []


def test_nothing_is_said_of_what_was_made_for_a_week_or_revoked_or_is_over(app, api, ada, made, told):
    made(ada, days=7)
    revoked, _ = made(ada)
    ends_in(app, revoked.id, 6)
    api(ada).delete(f"/auth/tokens/{revoked.id}")
    over, _ = made(ada)
    ends_in(app, over.id, -1)
    assert told() == []


def test_what_is_revoked_before_the_mail_is_sent_is_not_told(app, api, ada, made, mailing, sink, worker):
    row, _ = made(ada)
    ends_in(app, row.id, 6)
    worker("warn_of_ending_tokens")
    api(ada).delete(f"/auth/tokens/{row.id}")
    mailing.drain()
    assert sink.mails == []


def test_an_address_with_a_token_for_feeds_is_told_of_as_well(app, ada, told):
    with app.app_context():
        feeds.create(FeedTokenIn(name="My calendar"), ada)
    change(
        app, "UPDATE feed_tokens SET created_at = now() - interval '90 days', expires_at = now() + interval '3 days'"
    )
    assert told() == [(ada.email, "Your token “My calendar” ends soon")]
    assert told() == []


def test_what_is_over_is_shown_for_a_while_and_then_forgotten(app, api, browser, ada, made, worker):
    row, _ = made(ada)
    ends_in(app, row.id, -1)
    (listed,) = api(ada).get("/auth/tokens")["items"]
    assert listed["is_over"]
    assert browser(ada).get("/auth/tokens").says("It is over.")
    worker("clear_tokens")
    assert count(app, "personal_tokens") == 1
    ends_in(app, row.id, -31)
    worker("clear_tokens")
    assert count(app, "personal_tokens") == 0


def test_what_was_revoked_is_forgotten(app, api, ada, made, worker):
    row, _ = made(ada)
    made(ada)
    api(ada).delete(f"/auth/tokens/{row.id}")
    logins = count(app, "sign_ins")
    worker("clear_tokens")
    assert (count(app, "personal_tokens"), count(app, "sign_ins")) == (1, logins - 1)


def test_a_login_leaves_what_is_over(app, api, ada, made):
    row, _ = made(ada)
    ends_in(app, row.id, -1)
    api(ada).get("/auth/me")
    assert count(app, "personal_tokens") == 1


def test_a_password_from_a_mail_ends_it(app, bearing, ada, api, mailing, sink):
    client = bearing(ada)
    with app.app_context():
        changing.set_password(ada.email, NEW)
    client.get("/auth/me", status=401)


def test_a_feed_token_ends_by_the_clock_of_the_database(app, api, make, ada):
    make.project(ada, key="WALL")
    token = api(ada).post("/auth/feeds", {"name": "Phone"})["token"]
    api().send("GET", f"/issues.csv?token={token}", status=200)
    change(app, "UPDATE feed_tokens SET expires_at = now()")
    api().send("GET", f"/issues.csv?token={token}", status=401)
    (listed,) = api(ada).get("/auth/feeds")["items"]
    assert listed["is_over"]
