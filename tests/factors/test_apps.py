"""Authenticator apps: set up, seen, and taken away again."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.factors.conftest import carry_on, enrol
from tests.factors.devices import App
from webapp.db import db
from webapp.factors import keys as factor_keys
from webapp.factors import sealing, service
from webapp.factors.keys import keys


def test_an_app_counts_once_it_showed_a_right_code(api, ada):
    client = api(ada)
    setup = client.get("/auth/factors/authenticator")
    wrong = {"setup_token": setup["setup_token"], "code": "000000"}
    assert client.post("/auth/factors/authenticator", wrong, status=422)["errors"][0]["field"] == "code"
    assert client.get("/auth/factors")["authenticator"] is None
    _, answer = enrol(client)
    assert len(answer["recovery_codes"]) == 10
    own = client.get("/auth/factors")
    assert own["authenticator"]["created_at"]
    assert own["codes_left"] == 10


def test_a_change_ends_all_logins_but_gives_the_one_that_asked_another(api, ada):
    client, other = api(ada), api(ada)
    before = dict(client.headers)
    enrol(client)
    assert client.get("/auth/me")["name"] == ada.name
    other.get("/auth/me", status=401)
    assert client.send("GET", "/auth/me", headers=before).status_code == 401


def test_the_new_login_is_fresh_no_longer_than_the_former(app, api, ada):
    from webapp.http import tokens

    def until(client):
        with app.app_context():
            return tokens.read(client.headers["Authorization"].partition(" ")[2])["fresh"]

    client = api(ada)
    before = until(client)
    enrol(client)
    assert until(client) == before


@pytest.mark.parametrize("code", ["é", "٤٩٢٠٣٩", "12345", "1234567", "-", "\u200b"])
def test_what_is_no_code_is_told_so(api, ada, holder, code):
    client = api(ada)
    setup = client.get("/auth/factors/authenticator")
    sent = {"setup_token": setup["setup_token"], "code": code}
    client.post("/auth/factors/authenticator", sent, status=422)
    api().post("/auth/login", holder.login(code=code), status=422)


@pytest.mark.parametrize("token", ["", "AAAA", "…", "x" * 1000])
def test_an_invented_setup_is_over(api, ada, token):
    sent = {"setup_token": token, "code": "123456"}
    assert "took too long" in api(ada).post("/auth/factors/authenticator", sent, status=409)["detail"]


def test_a_setup_of_somebody_else_and_an_old_one_are_over(api, ada, eve, monkeypatch):
    setup = api(ada).get("/auth/factors/authenticator")
    sent = {"setup_token": setup["setup_token"], "code": App(setup["secret"]).code()}
    api(eve).post("/auth/factors/authenticator", sent, status=409)
    monkeypatch.setattr(service, "SETTING_UP", -1)
    api(ada).post("/auth/factors/authenticator", sent, status=409)


def test_there_is_one_app(holder):
    setup = holder.client.get("/auth/factors/authenticator")
    sent = {"setup_token": setup["setup_token"], "code": App(setup["secret"]).code()}
    holder.client.post("/auth/factors/authenticator", sent, status=409)


def test_the_seed_lies_encrypted_and_opens_for_its_owner_alone(app, holder):
    with app.app_context():
        seed = bytes(db.session.execute(text("SELECT seed FROM authenticators")).scalar_one())
        assert holder.app.totp.secret.encode() not in seed
        assert sealing.opened(seed, f"seed {holder.person.id}", keys().seeds) == holder.app.totp.secret
        assert sealing.opened(seed, f"seed {holder.person.id + 1}", keys().seeds) is None
        assert sealing.opened(seed, f"seed {holder.person.id}", [b"k" * 32]) is None


def test_a_seed_outlives_its_key(app, holder):
    """As long as the former key is known, until the next start: that seals anew."""
    now = keys().seeds
    try:
        for change in ([b"n" * 32, *now], [b"n" * 32]):
            factor_keys._keys = replace(keys(), seeds=tuple(change))
            with app.app_context():
                assert service.reseal() == (len(change) > 1)
                assert service.reseal() == 0
                seed = bytes(db.session.execute(text("SELECT seed FROM authenticators")).scalar_one())
                assert sealing.opened(seed, f"seed {holder.person.id}", keys().seeds) == holder.app.totp.secret
    finally:
        factor_keys._keys = replace(keys(), seeds=now)


def test_a_page_shows_picture_and_key_and_keeps_them_after_a_wrong_code(browser, ada):
    window = browser(ada)
    page = window.get("/auth/factors/authenticator")
    secret = page.fields[""]  # it is shown, and not sent
    assert re.search(r"<svg[^>]*>", page.text)
    assert len(secret) == 32
    sent = {"setup_token": page.fields["setup_token"], "code": "000000"}
    again = window.post("/auth/factors/authenticator", sent, status=422)
    assert secret in again.text
    assert again.says("is not right")
    sent = {"setup_token": again.fields["setup_token"], "code": App(secret).code()}
    shown = window.post("/auth/factors/authenticator", sent, status=200)
    assert len(re.findall(r"<li><code>((?:\w{4}-){5}\w{4})</code>", shown.text)) == 10
    window.post("/auth/logout", {"csrf_token": shown.fields["csrf_token"]})


def test_codes_are_shown_once(holder, browser):
    assert holder.codes[0] not in browser(holder.person).get("/auth/factors").text
    assert holder.codes[0] not in str(holder.client.get("/auth/factors"))


def test_new_codes_end_the_former(holder, api):
    fresh = carry_on(holder.client, holder.client.post("/auth/factors/codes", status=200))["recovery_codes"]
    assert len(fresh) == 10
    assert not {*fresh} & {*holder.codes}
    api().post("/auth/login", holder.login(code=holder.codes[0]), status=422)
    api().post("/auth/login", holder.login(code=fresh[0]), status=200)


def test_who_has_no_factor_has_no_codes(api, ada):
    api(ada).post("/auth/factors/codes", status=409)


def test_with_the_last_factor_the_codes_go(holder, api):
    carry_on(holder.client, holder.client.delete("/auth/factors/authenticator", status=200))
    assert holder.client.get("/auth/factors")["codes_left"] == 0
    holder.client.delete("/auth/factors/authenticator", status=404)
    api().post("/auth/login", holder.login(), status=200)


def test_its_owner_hears_of_each_change(holder, arrived):
    carry_on(holder.client, holder.client.post("/auth/factors/codes", status=200))
    carry_on(holder.client, holder.client.delete("/auth/factors/authenticator", status=200))
    assert {(to, subject) for to, subject, _ in arrived()} == {
        (holder.person.email, "An authenticator app was set up"),
        (holder.person.email, "You have new recovery codes"),
        (holder.person.email, "Your authenticator app was removed"),
    }


def test_a_stale_login_is_asked_again_before_it_sees_a_secret(app, api, ada):
    client = api()
    with app.app_context():
        from webapp.auth import service as auth
        from webapp.http import tokens

        login = auth.begin(ada, agent="tests", lasting=auth.BROWSER)
        client.headers["Authorization"] = "Bearer " + tokens.make(
            ada, sid=login.sid, epoch=login.epoch, end=login.end
        )
    assert client.get("/auth/factors/authenticator", status=401)["title"] == "Confirm that it is you"
