import pytest
from sqlalchemy import text

from webapp.db import transacting
from webapp.mail import service as mail

WHO = {"name": "Grace", "email": "grace@example.com", "password": "eleven purple otters"}


@pytest.fixture
def grace(make, app):
    """Gave an address that she has not confirmed."""
    return make.person("Grace", email_confirmed_at=None)


def test_an_address_is_confirmed_by_the_link_that_went_there(browser, api, grace, link):
    page = browser(grace)
    assert page.get("/auth/email").says("not confirmed")
    page.post("/auth/email/confirmation")
    path = link(grace.email)
    assert browser().get(path).says(grace.email)
    assert api(grace).get("/auth/email")["confirmed_at"] is None  # to look at it confirms nothing
    browser().post(path)
    assert api(grace).get("/auth/email")["confirmed_at"]
    assert page.get("/auth/email").says("confirmed")
    api().post(path, status=410)


def test_it_confirms_no_address_that_came_later(app, api, grace, link):
    api(grace).post("/auth/email/confirmation", status=204)
    path = link(grace.email)
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET email = 'other@example.com' WHERE name = 'Grace'"))
    api().post(path, status=410)


def test_what_is_not_about_the_account_goes_to_confirmed_addresses_only(app, ada, grace, mailing, sink):
    with app.app_context():
        for one in (ada, grace):
            mail.post("test", one, {})
    mailing.drain()
    assert [one.to for one in sink.mails] == [[ada.email]]


def test_where_nobody_else_reads_mail_an_account_works_at_once(api, app, mailing):
    mailing.by(None)
    api().post("/auth/register", WHO)
    token = api().post("/auth/login", {"email": WHO["email"], "password": WHO["password"]}, status=200)
    mine = api(Authorization=f"Bearer {token['access_token']}")
    assert mine.get("/auth/email") == {"email": WHO["email"], "confirmed_at": None}


def test_who_runs_cairn_vouches_for_an_address(app, make):
    run = app.test_cli_runner().invoke
    run(
        args=[
            "create-user",
            "--name",
            "Hopper",
            "--email",
            "hopper@example.com",
            "--password",
            "eleven purple otters",
        ]
    )
    with app.app_context(), transacting() as session:
        assert session.scalar(text("SELECT email_confirmed_at FROM users WHERE name = 'Hopper'"))
