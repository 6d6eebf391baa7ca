"""A search costs much, and anybody may ask: each person and each network has a number of them."""

import io

import pytest

from tests.attachments.pictures import picture
from webapp.auth import allowances, throttle
from webapp.auth.allowances import Allowance
from webapp.db import db

SEARCHES = ("/search?q=stone", "/projects/WALL/issues/similar?title=stone", "/palette?q=stone")
HERE, THERE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL", visibility="public")


@pytest.fixture
def three(monkeypatch):
    for whose in ("person", "network"):
        monkeypatch.setitem(allowances.ALLOWANCES, ("search", whose), Allowance(3, 1))


@pytest.mark.parametrize("url", SEARCHES)
def test_who_has_searched_too_often_has_to_wait(api, browser, ada, eve, project, three, statements, url):
    for _ in range(3):
        api(ada).get(url)
    statements.clear()
    refused = api(ada).send("GET", url, status=429)
    # Who asks, and in which project, also finds out whether an issue there is private.
    assert not [one for one in statements if "FROM issue" in one and "AS any_private" not in one]
    assert 1 <= int(refused.headers["Retry-After"]) <= 2
    assert browser(ada).get(url, status=429).says("Try again in")
    api(eve).get(url)


def test_who_is_not_logged_in_shares_with_their_network(api, ada, project, three):
    for _ in range(3):
        api().get(SEARCHES[0], environ_overrides=HERE)
    api().get(SEARCHES[0], status=429, environ_overrides={"REMOTE_ADDR": "192.0.2.200"})
    api().get(SEARCHES[0], environ_overrides=THERE)
    api(ada).get(SEARCHES[0], environ_overrides=HERE)


def test_with_time_it_comes_back_and_refusals_take_nothing(app, api, ada, project, three):
    for _ in range(3):
        api(ada).get(SEARCHES[0])
    for _ in range(5):
        api(ada).get(SEARCHES[0], status=429)
    with app.app_context():
        db.session.execute(db.text("UPDATE login_failures SET last_at = last_at - interval '2 seconds'"))
        db.session.commit()
    for _ in range(2):
        api(ada).get(SEARCHES[0])
    api(ada).get(SEARCHES[0], status=429)


def test_a_page_with_nothing_to_search_for_is_free(browser, ada, project, three):
    for _ in range(5):
        browser(ada).get("/search?q=")
    browser(ada).get("/search?q=stone")


def test_a_database_that_only_reads_lets_everybody_search(app, api, ada, project):
    with app.app_context():
        db.session.execute(db.text("SET LOCAL transaction_read_only = on"))
        db.session.commit()
    api(ada).get(SEARCHES[0])


def test_who_is_failing_to_log_in_may_still_search(api, ada, project, three):
    for _ in range(8):
        api().post("/auth/login", {"email": ada.email, "password": "wrong"}, status=None)
    api().get(SEARCHES[0])


def test_uploads_have_one_too(api, ada, project, monkeypatch):
    monkeypatch.setitem(allowances.ALLOWANCES, ("upload", "person"), Allowance(2, 0.1))

    def send(url, status):
        return api(ada).send("POST", url, status=status, data={"file": (io.BytesIO(picture()), "shot.png")})

    send("/projects/WALL/attachments", 201)
    send("/auth/me/avatar", 200)
    assert int(send("/projects/WALL/attachments", 429).headers["Retry-After"]) >= 1
    send("/auth/me/avatar", 429)


def test_every_allowance_is_whole_again_before_it_is_forgotten():
    for allowance in allowances.ALLOWANCES.values():
        assert allowance.at_once / allowance.a_second <= throttle.FORGOTTEN.total_seconds()
