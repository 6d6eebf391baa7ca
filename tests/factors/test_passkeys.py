"""Passkeys, by a key of our own: what it signs is checked as a browser's is."""

import base64
import json

import pytest
from sqlalchemy import text

from tests.factors.conftest import add, carry_on
from tests.factors.devices import Key
from webapp.db import db, transacting
from webapp.factors import challenges

LOGIN, FACTOR, ALONE = "/auth/login", "/auth/login/factor", "/auth/login/passkey"


def asked(client, purpose, **more):
    return client.post("/auth/passkeys/options", {"purpose": purpose, **more}, status=200)


def answered(client, key, purpose="login", *, alone=True, **more):
    """What is sent with the answer to a new challenge."""
    options = asked(client, purpose, **more)
    credential = key.answer(options["options"], alone=alone)
    return {"credential": credential, "challenge_token": options["challenge_token"], **more}


def test_a_passkey_lets_in_alone(api, keyed):
    on = api().post(ALONE, answered(api(), keyed.key), status=200)
    assert api(Authorization=f"Bearer {on['access_token']}").get("/auth/me")["id"] == keyed.person.id
    (own,) = keyed.client.get("/auth/factors")["passkeys"]
    assert own["name"] == "My key"
    assert own["used_at"]


def test_a_challenge_is_256_bits_and_another_each_time(api):
    first, second = (asked(api(), "login")["options"]["challenge"] for _ in range(2))
    assert first != second
    assert len(base64.urlsafe_b64decode(first + "=")) == 32


def test_alone_it_has_to_know_who_holds_it(api, keyed):
    assert asked(api(), "login")["options"]["userVerification"] == "required"
    keyed.key.verifies = False
    api().post(ALONE, answered(api(), keyed.key), status=422)


def test_after_the_password_it_need_not(api, keyed):
    keyed.key.verifies = False
    told = api().post(LOGIN, keyed.login(), status=401)
    assert told["methods"] == ["passkey", "recovery"]
    sent = answered(api(), keyed.key, "factor", alone=False, factor_token=told["factor_token"])
    assert api().post(FACTOR, sent, status=200)["access_token"]


def test_an_answer_is_taken_once(api, keyed):
    sent = answered(api(), keyed.key)
    api().post(ALONE, sent, status=200)
    api().post(ALONE, sent, status=422)


def test_a_challenge_is_used_up_by_a_wrong_answer_too(api, keyed):
    options = asked(api(), "login")
    token = {"challenge_token": options["challenge_token"]}
    wrong = keyed.key.answer({"challenge": "AAAA"})
    api().post(ALONE, {"credential": wrong, **token}, status=422)
    api().post(ALONE, {"credential": keyed.key.answer(options["options"]), **token}, status=422)


def test_a_challenge_holds_for_five_minutes(api, keyed, monkeypatch):
    import time

    sent, later = answered(api(), keyed.key), time.time() + 302
    monkeypatch.setattr(time, "time", lambda: later)
    api().post(ALONE, sent, status=422)


@pytest.mark.parametrize("purpose", ["factor", "confirm", "add"])
def test_a_challenge_of_another_purpose_is_not_taken(api, keyed, purpose):
    told = api().post(LOGIN, keyed.login(), status=401)
    more = {"factor_token": told["factor_token"]} if purpose == "factor" else {}
    options = asked(keyed.client, purpose, **more)
    sent = {"credential": keyed.key.answer(options["options"]), "challenge_token": options["challenge_token"]}
    api().post(ALONE, sent, status=422)


def test_a_challenge_of_somebody_else_is_not_taken(api, keyed, eve):
    options = asked(api(eve), "confirm")
    sent = {"credential": keyed.key.answer(options["options"]), "challenge_token": options["challenge_token"]}
    keyed.client.post("/auth/confirm", sent, status=422)


def test_somebody_elses_passkey_does_not_stand_for_mine(api, keyed, eve):
    theirs, key = api(eve), Key()
    add(theirs, key)
    told = api().post(LOGIN, keyed.login(), status=401)
    sent = answered(api(), key, "factor", factor_token=told["factor_token"])
    api().post(FACTOR, sent, status=422)
    keyed.client.post("/auth/confirm", answered(keyed.client, key, "confirm"), status=422)


def test_a_passkey_that_means_another_account_is_refused(api, keyed):
    keyed.key.user = b"somebody else"
    api().post(ALONE, answered(api(), keyed.key), status=422)
    api().post(ALONE, answered(api(), keyed.key, alone=False), status=422)


@pytest.mark.parametrize("place", [{"origin": "http://evil.test"}, {"host": "evil.test"}])
def test_a_passkey_of_another_site_is_refused(api, keyed, place):
    for name, value in place.items():
        setattr(keyed.key, name, value)
    api().post(ALONE, answered(api(), keyed.key), status=422)


def test_a_signature_of_another_key_is_refused(api, keyed):
    other = Key()
    other.id, other.user = keyed.key.id, keyed.key.user
    api().post(ALONE, answered(api(), other), status=422)


def test_a_copy_shows_by_its_count(api, keyed):
    api().post(ALONE, answered(api(), keyed.key), status=200)
    keyed.key.count -= 1
    api().post(ALONE, answered(api(), keyed.key), status=422)


def test_a_passkey_that_counts_nothing_is_taken(api, keyed, app):
    with app.app_context(), transacting():
        db.session.execute(text("UPDATE passkeys SET sign_count = 0"))
    for _ in range(2):
        keyed.key.count = -1
        api().post(ALONE, answered(api(), keyed.key), status=200)


def test_an_unknown_passkey_is_told_like_a_wrong_one(api, keyed):
    unknown = api().post(ALONE, answered(api(), Key()), status=422)
    keyed.key.verifies = False
    assert unknown["errors"] == api().post(ALONE, answered(api(), keyed.key), status=422)["errors"]


def test_wrong_answers_have_to_wait(api, keyed):
    keyed.key.verifies = False
    for _ in range(5):
        api().post(ALONE, answered(api(), keyed.key), status=422)
    api().post(ALONE, answered(api(), keyed.key), status=429)


def test_a_deactivated_person_stays_out(api, keyed, make):
    make.deactivated(keyed.person)
    api().post(ALONE, answered(api(), keyed.key), status=403)


HOSTILE = [
    {}, {"id": 1}, {"id": "AQ", "rawId": "AQ", "type": "public-key", "response": {}},
    {"id": "AQ", "rawId": "AQ", "type": "x", "response": {"a": 1}},
    {"id": "é", "rawId": "é", "type": "public-key",
     "response": {"clientDataJSON": "é", "authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}},
    {"id": "AQ", "rawId": "AQ", "type": "public-key",
     "response": {"clientDataJSON": "bnVsbA", "authenticatorData": "", "signature": "", "attestationObject": "n4C_"}},
    {"id": "AQ", "rawId": "AQ", "type": "public-key",
     "response": {"clientDataJSON": "W10", "authenticatorData": "////", "signature": "!", "attestationObject": "ww"}},
]  # fmt: skip


@pytest.mark.parametrize("credential", HOSTILE)
def test_whatever_else_comes_is_refused(api, keyed, credential):
    for address, purpose, client in (
        (ALONE, "login", api()), ("/auth/confirm", "confirm", keyed.client), ("/auth/factors/passkeys", "add", keyed.client),
    ):  # fmt: skip
        sent = {"credential": credential, "challenge_token": asked(client, purpose)["challenge_token"]}
        more = {"name": "x"} if purpose == "add" else {}
        client.post(address, {**sent, **more}, status=422)


@pytest.mark.parametrize("typed", ["", "{", "[1]", "null", "[" * 100_000])
def test_a_form_with_something_else_is_refused(browser, typed):
    page = browser().post(ALONE, {"credential": typed, "challenge_token": "x", "next": "/projects"}, status=422)
    assert page.fields["next"] == "/projects"


def test_a_browser_logs_in_by_its_form(api, browser, keyed):
    window, sent = browser(), answered(api(), keyed.key)
    form = {**sent, "credential": json.dumps(sent["credential"]), "next": "/projects", "remember": "true"}
    on = window.post(ALONE, form, status=303)
    assert on.location == "/projects"
    window.get("/auth/me")


def test_a_passkey_is_added_once(api, keyed, eve):
    options = asked(keyed.client, "add")
    known = options["options"]["excludeCredentials"]
    assert [one["id"] for one in known] == [keyed.key.made(options["options"])["id"]]
    for client in (keyed.client, api(eve)):
        options = asked(client, "add")
        sent = {"name": "Again", "credential": keyed.key.made(options["options"])}
        client.post("/auth/factors/passkeys", {**sent, "challenge_token": options["challenge_token"]}, status=409)


def test_a_passkey_is_renamed_and_removed_by_its_owner(api, keyed, eve):
    own = f"/auth/factors/passkeys/{keyed.client.get('/auth/factors')['passkeys'][0]['id']}"
    assert keyed.client.patch(own, {"name": "Blue stick"})["name"] == "Blue stick"
    for method in ("GET", "PATCH", "DELETE"):
        api(eve).send(method, own, json={"name": "Mine"} if method == "PATCH" else None, status=404)
    carry_on(keyed.client, keyed.client.delete(own, status=200))
    assert keyed.client.get("/auth/factors")["passkeys"] == []
    api().post(LOGIN, keyed.login(), status=200)


def test_a_passkey_cannot_be_given_an_empty_name(keyed, browser):
    own = f"/auth/factors/passkeys/{keyed.client.get('/auth/factors')['passkeys'][0]['id']}"
    page = browser(keyed.person).post(own, {"name": " "}, status=422)
    assert page.says("is required")


def test_used_challenges_are_forgotten_in_time(app, api, keyed):
    with app.app_context(), transacting():
        db.session.execute(text("UPDATE used_challenges SET used_at = now() - interval '11 minutes'"))
    api().post(ALONE, answered(api(), keyed.key), status=200)
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM used_challenges")).scalar_one() == 1
    assert challenges.KEPT > challenges.LASTS


def test_what_is_asked_of_a_passkey_needs_to_know_whose(api):
    api().post("/auth/passkeys/options", {"purpose": "add"}, status=401)
    api().post("/auth/passkeys/options", {"purpose": "confirm"}, status=401)
    api().post("/auth/passkeys/options", {"purpose": "factor"}, status=401)
