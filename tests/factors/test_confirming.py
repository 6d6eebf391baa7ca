"""Who has a second factor shows it, too, before they change the locks."""

import pytest

from tests.auth.test_fresh import stale
from tests.make import PASSWORD

__all__ = ["stale"]
CONFIRM = "/auth/confirm"


def test_a_password_alone_confirms_nothing(holder):
    refused = holder.client.post(CONFIRM, {"password": PASSWORD}, status=422)
    assert [one["field"] for one in refused["errors"]] == ["code"]
    holder.client.post(CONFIRM, {"password": PASSWORD, "code": "000000"}, status=422)
    holder.client.post(CONFIRM, {"code": holder.app.code()}, status=422)
    holder.client.post(CONFIRM, {"password": "wrong", "code": holder.app.code()}, status=422)
    assert holder.client.post(CONFIRM, {"password": PASSWORD, "code": holder.app.code()}, status=200)["access_token"]


def test_a_passkey_alone_confirms_if_it_knows_who_holds_it(keyed):
    from tests.factors.test_passkeys import answered

    keyed.key.verifies = False
    keyed.client.post(CONFIRM, answered(keyed.client, keyed.key, "confirm"), status=422)
    keyed.key.verifies = True
    assert keyed.client.post(CONFIRM, answered(keyed.client, keyed.key, "confirm"), status=200)["access_token"]


def test_a_page_asks_for_both_and_goes_on(browser, holder, app):
    window = browser(holder.person)
    window.hold(stale_token(app, holder.person))
    page = window.get("/auth/confirm?next=/auth/factors/authenticator")
    assert "code" in page.fields
    sent = {"password": PASSWORD, "next": "/auth/factors/authenticator"}
    assert window.post(CONFIRM, sent, status=422).says("Security code is required.")
    on = window.post(CONFIRM, {**sent, "code": holder.app.code()}, status=303)
    assert on.location == "/auth/factors/authenticator"
    window.get(on.location)


def test_who_has_none_is_asked_for_none(stale):
    _, window = stale
    assert "code" not in window.get("/auth/confirm").fields


def test_guesses_here_and_at_a_login_are_counted_together(api, holder):
    for _ in range(3):
        holder.client.post(CONFIRM, {"password": PASSWORD, "code": "000000"}, status=422)
    for _ in range(2):
        api().post("/auth/login", holder.login(code="000000"), status=422)
    holder.client.post(CONFIRM, {"password": PASSWORD, "code": holder.codes[0]}, status=429)


@pytest.mark.parametrize("address", ["/auth/factors/codes", "/auth/factors/authenticator/delete"])
def test_a_stale_login_changes_no_factor(app, browser, holder, address):
    window = browser(holder.person)
    window.hold(stale_token(app, holder.person))
    assert window.post(address, status=303).location.startswith(CONFIRM)
    assert holder.client.get("/auth/factors")["codes_left"] == 10


def stale_token(app, person):
    from datetime import timedelta

    from webapp.auth import service as auth
    from webapp.http import tokens

    with app.app_context():
        login = auth.begin(person, agent="tests", lasting=auth.BROWSER)
        lasts = timedelta(minutes=30)
        return tokens.make(person, sid=login.sid, epoch=login.epoch, end=login.end, lasts=lasts)
