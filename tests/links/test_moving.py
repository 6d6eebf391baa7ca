from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from tests.committed import committing
from tests.mail.sink import KEY
from tests.make import PASSWORD, Make
from webapp.auth import service as auth
from webapp.auth.passwords import NONE
from webapp.db import db, transacting
from webapp.errors import CairnError
from webapp.faults import DBAPIError
from webapp.links import holding, moving, repository
from webapp.models.account_tokens import Purpose

URL = "/auth/email"
OTHER = "other@example.net"
NEW = "seven quiet lorries under pines"
WISH = {"email": OTHER}


@pytest.fixture
def wish(api, link):
    """Ask for another address, and follow the link there as far as its page."""

    def wish(person, email=OTHER):
        api(person).post(URL, {**WISH, "email": email}, status=204)
        return link(email)

    return wish


@pytest.fixture
def moved(api, ada, wish, arrived):
    """The path by which the former address is taken back."""
    api(ada).post(wish(ada), status=200)
    ((to, subject, path),) = arrived()
    assert (to, subject) == (ada.email, "Your address was changed")
    return path


def log_in(api, email, password=PASSWORD, status=200):
    return api().post("/auth/login", {"email": email, "password": password}, status=status)


def test_another_address_counts_once_its_link_was_followed(browser, api, ada, link):
    page, there = browser(ada), api(ada)
    assert page.post(URL, WISH).location == URL
    assert there.get(URL)["email"] == ada.email
    path = link(OTHER)
    assert page.get(path).says(f"{OTHER} takes the place of {ada.email}")
    assert page.post(path).location == URL
    assert page.get(URL).says(OTHER)  # logged in here
    there.get("/auth/me", status=401)  # and nowhere else
    log_in(api, ada.email, status=401)
    log_in(api, OTHER)


def test_a_link_is_of_use_to_its_owner_only(api, browser, ada, eve, wish):
    path = wish(ada)
    api(eve).post(path, status=403)
    api().post(path, status=401)
    assert browser().get(path, status=303).location.startswith("/auth/login?next=")
    api(ada).post(path, status=200)


def test_what_is_no_address_is_kept(browser, ada):
    again = browser(ada).post(URL, {"email": "other"}, status=422)
    assert 'id="email-error"' in again.text
    assert again.fields["email"] == "other"


@pytest.fixture
def mia(make, app, ada):
    """Somebody who comes in by a login elsewhere alone."""
    mia = make.person("Mia")
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET password_hash = :none WHERE id = :id"), {"none": NONE, "id": mia.id})
    return mia


def test_who_has_no_password_here_changes_the_address_all_the_same(app, api, browser, mia, wish, arrived):
    """And takes it back: the login is next, as there is no password to choose."""
    assert "current_password" not in browser(mia).get(URL).fields
    api(mia).post(wish(mia), status=200)
    ((*_, back),) = arrived()
    page = browser()
    assert page.post(back).location == "/auth/login"
    assert page.get("/auth/login").says(f"Your address is {mia.email} again")
    with app.app_context():
        assert not db.session.scalar(text("SELECT count(*) FROM audit_records WHERE kind = 'authn_confirm_fail'"))


def test_where_no_password_is_taken_it_is_taken_back_without_one(app, api, monkeypatch, ada, moved):
    settings = app.config["SETTINGS"].model_copy(update={"password_login": "off"})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    assert api().post(moved, status=200) == {"email": ada.email, "reset": None}


def test_nobody_learns_who_has_an_address(api, ada, eve, arrived):
    told = [api(ada).send("POST", URL, json={**WISH, "email": one}, status=204).text for one in (eve.email, OTHER)]
    assert told[0] == told[1]
    assert eve.email not in [to for to, *_ in arrived()]


def test_a_link_ends_with_another_password(api, ada, wish):
    path = wish(ada)
    api(ada).post("/auth/password", {"current_password": PASSWORD, "new_password": NEW}, status=200)
    token = log_in(api, ada.email, NEW)["access_token"]
    api(Authorization=f"Bearer {token}").post(path, status=410)


def test_a_link_to_another_password_ends_with_the_address(api, ada, wish, arrived):
    path = wish(ada)
    api().post("/auth/forgotten", {"email": ada.email}, status=204)
    ((*_, reset),) = arrived()
    api(ada).post(path, status=200)
    api().post(reset, {"new_password": NEW}, status=410)


def test_the_former_address_takes_it_back(browser, api, ada, moved):
    there = log_in(api, OTHER)["access_token"]
    page = browser()
    assert page.get(moved).says(ada.email)
    reset = page.post(moved).location
    assert reset.startswith("/auth/reset/")
    api(Authorization=f"Bearer {there}").get("/auth/me", status=401)
    log_in(api, OTHER, status=401)
    assert page.get(reset).says("Choose another password")
    page.post(reset, {"new_password": NEW})
    log_in(api, ada.email, NEW)
    api().post(moved, status=410)


def test_whoever_has_the_account_cannot_keep_it_from_its_owner(api, ada, moved, link, arrived):
    """Neither by another password, nor by moving on, nor by taking that back."""
    token = log_in(api, OTHER)["access_token"]
    api(Authorization=f"Bearer {token}").post(
        "/auth/password", {"current_password": PASSWORD, "new_password": NEW}, status=200
    )
    token = log_in(api, OTHER, NEW)["access_token"]
    arrived()
    third = {"email": "third@example.net"}
    api(Authorization=f"Bearer {token}").post(URL, third, status=204)
    api(Authorization=f"Bearer {token}").post(link("third@example.net"), status=200)
    ((to, _, back),) = arrived()
    assert to == OTHER
    api().post(back, status=200)
    assert api().post(moved, status=200)["email"] == ada.email
    log_in(api, ada.email, NEW)


def test_it_is_taken_back_within_three_days(app, api, moved):
    with app.app_context(), transacting() as session:
        left = (
            "SELECT max(expires_at - now()) BETWEEN interval '71 hours' AND interval '72 hours' FROM account_tokens"
        )
        assert session.scalar(text(left + " WHERE purpose = 'undo'"))
        session.execute(text("UPDATE account_tokens SET expires_at = now() - interval '1 second'"))
    api().post(moved, status=410)


def test_where_no_mail_is_sent_it_stays(api, ada, mailing):
    mailing.by(None, environment="production", secret_key=KEY)
    assert "flask password EMAIL" in api(ada).post(URL, WISH, status=403)["detail"]


def test_of_two_who_claim_an_address_one_gets_it(database, settings):
    with committing(database, settings) as app:
        make = Make(app)
        people = [make.person(name) for name in ("Ada", "Eve")]
        for round_ in range(5):
            email = f"wanted{round_}@example.net"
            links = [(link_to(app, one, email), one) for one in people]
            told = at_once([lambda token=token, one=one: follow(app, token, one) for token, one in links])
            assert sorted(told) == ["moved", "refused"], told
            with app.app_context():
                owners = db.session.scalars(text("SELECT id FROM users WHERE email = :email"), {"email": email}).all()
            assert len(owners) == 1


def link_to(app, person, email):
    token = holding.made()
    with app.app_context(), transacting():
        epoch = repository.person(person.id).token_epoch
        repository.add(Purpose.MOVE, email, token, of=(person.id, epoch))
    return token


def follow(app, token, person):
    with app.app_context():
        try:
            moving.move(token, person, agent="tests", lasting=auth.BROWSER)
        except (CairnError, DBAPIError):
            return "refused"
    return "moved"


def at_once(acts):
    """What each of them told, begun at the same moment."""
    barrier, told = Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        told.append(act())

    threads = [Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told
