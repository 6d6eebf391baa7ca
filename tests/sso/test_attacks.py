"""What somebody tries who is not who they say, or whose provider lies: nobody comes in, and nothing breaks."""

import base64
import hashlib
import hmac
import json
import re
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import text

from tests.clients import Browser
from tests.sso.conftest import CALLBACK, Offer, begun, log_in, of, sent
from tests.sso.provider import CLIENT, SECRET, Provider, send
from webapp import config
from webapp.access import Viewer
from webapp.config import Settings
from webapp.config.told import told
from webapp.db import db
from webapp.sso import discovery, talking

pytestmark = pytest.mark.usefixtures("offer")
Browsers = Callable[..., Browser]


def nobody_came(app: Flask) -> None:
    with app.app_context():
        assert not db.session.scalar(text("SELECT count(*) FROM outside_identities"))
        assert not db.session.scalar(text("SELECT count(*) FROM audit_records WHERE kind = 'authn_login_ok'"))
        assert db.session.scalar(text("SELECT count(*) FROM audit_records WHERE kind = 'authn_login_fail'"))


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_login_begun_in_one_browser_ends_in_no_other(app: Flask, browser: Browsers) -> None:
    """Login CSRF: an attacker's answer, opened by somebody else, logs them in as nobody."""
    back = begun(browser())
    victim = browser()
    victim.get("/auth/login")
    assert victim.get(back, 502).says("did not work")
    victim.get("/auth/me", 303)
    nobody_came(app)


@pytest.mark.parametrize("state", ["x", "W10.aaaa.bbbb", "é", "x" * 300])
def test_a_state_that_is_not_ours_is_refused(app: Flask, browser: Browsers, state: str) -> None:
    browser().get(f"{CALLBACK}?code=x&state={state}", 400)
    nobody_came(app)


def test_a_state_is_too_old_after_ten_minutes(app: Flask, browser: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    one = browser()
    back = begun(one)
    later = time.time() + 601
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    one.get(back, 400)


def test_an_answer_counts_once(browser: Browsers) -> None:
    one = browser()
    back = begun(one)
    one.get(back, 303)
    assert one.get(back, 400).says("is done already")


def test_a_code_of_another_login_is_refused(app: Flask, browser: Browsers) -> None:
    """PKCE: a stolen code is worth nothing beside another state."""
    one = browser()
    stolen = re.search(r"code=([^&]+)", begun(browser()))
    assert stolen is not None
    state = sent(one.get("/auth/sso/acme", 303).location)["state"]
    one.get(f"{CALLBACK}?code={stolen[1]}&state={state}", 502)
    nobody_came(app)


CLAIMS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "somebody-else"},
    "audiences without azp": {"aud": [CLIENT, "somebody-else"]},
    "azp of another": {"aud": [CLIENT, "x"], "azp": "x"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "nonce that is no text": {"nonce": 7},
    "expired": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "an end that is no time": {"exp": "never"},
    "not yet": {"nbf": int(time.time()) + 3600},
    "made in the future": {"iat": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "empty subject": {"sub": ""},
    "subject that is no text": {"sub": 42},
    "subject with a NUL": {"sub": "4\x002"},
    "long subject": {"sub": "4" * 256},
    "hash of another access token": {"at_hash": "x"},
}


@pytest.mark.parametrize("wrong", CLAIMS)
def test_an_id_token_that_is_wrong_lets_nobody_in(app: Flask, acme: Provider, browser: Browsers, wrong: str) -> None:
    acme.claims = CLAIMS[wrong]
    assert log_in(browser(), status=502).says("did not work")
    nobody_came(app)


def test_clocks_may_differ_a_little(acme: Provider, browser: Browsers) -> None:
    now = int(time.time())
    acme.claims = {"iat": now + 30, "exp": now - 30}
    log_in(browser())


def unsigned(said: dict[str, Any]) -> str:
    return f"{part({'alg': 'none'})}.{part(said)}."


def by_the_public_key(acme: Provider) -> Callable[[dict[str, Any]], str]:
    """HS256, with what everybody may read as the secret."""

    def sign(said: dict[str, Any]) -> str:
        head = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(said)}"
        return f"{head}.{part(hmac.new(acme.keys[0].as_pem(private=False), head.encode(), 'sha256').digest())}"

    return sign


def by_our_secret(said: dict[str, Any]) -> str:
    head = f"{part({'alg': 'HS256'})}.{part(said)}"
    return f"{head}.{part(hmac.new(SECRET.encode(), head.encode(), hashlib.sha256).digest())}"


def by_another_key(said: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, said, RSAKey.generate_key(2048))


def with_its_own_key(said: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "jwk": key.as_dict(private=False)}, said, key)


def cut(said: dict[str, Any]) -> str:
    return by_another_key(said).rpartition(".")[0] + "."


SIGNERS = [
    unsigned,
    by_our_secret,
    by_another_key,
    with_its_own_key,
    cut,
    lambda _: "a.b.c",
    lambda _: "",
    lambda _: "x" * 70_000,
]


@pytest.mark.parametrize("number", range(len(SIGNERS)))
def test_what_the_provider_has_not_signed_is_worth_nothing(
    app: Flask, acme: Provider, browser: Browsers, number: int
) -> None:
    acme.sign = SIGNERS[number]
    log_in(browser(), status=502)
    nobody_came(app)


def test_the_public_key_is_no_secret(app: Flask, acme: Provider, browser: Browsers) -> None:
    acme.sign = by_the_public_key(acme)
    log_in(browser(), status=502)
    nobody_came(app)


def test_two_providers_are_not_mixed_up(
    app: Flask, acme: Provider, other: Provider, offer: Offer, browser: Browsers
) -> None:
    """A login that went to one is not finished by the other, nor is an answer taken that names another."""
    offer(of(other, "umbra"))
    one = browser()
    back = begun(one)
    one.get(back.replace("/acme/", "/umbra/"), 400)
    acme.answer = {"iss": other.issuer}
    one.get(begun(one), 400)
    acme.answer, acme.metadata = {}, {"authorization_response_iss_parameter_supported": True}
    discovery.forget()
    one.get(begun(one), 400)
    nobody_came(app)
    acme.answer = {"iss": acme.issuer}
    one.get(begun(one), 303)


def test_an_unverified_address_takes_over_nothing(
    app: Flask, acme: Provider, ada: Viewer, browser: Browsers, offer: Offer
) -> None:
    acme.person["email"] = ada.email
    for said in (False, None, "false", "true", 1):
        acme.person["email_verified"] = said
        assert log_in(browser(), status=403).says("does not vouch")
    offer(trust_email=True)
    acme.person["email_verified"] = False
    log_in(browser(), status=403)
    nobody_came(app)


def test_an_address_that_changed_there_leaves_the_person_who_they_are(
    acme: Provider, ada: Viewer, browser: Browsers
) -> None:
    log_in(browser())
    acme.person["email"] = ada.email
    one = browser()
    log_in(one)
    assert one.get("/auth/me").says("mia@example.com")


def test_userinfo_of_another_is_refused(app: Flask, acme: Provider, browser: Browsers) -> None:
    acme.person, acme.userinfo = {"sub": "42"}, {"sub": "43", "email": "x@example.com", "email_verified": True}
    log_in(browser(), status=502)
    nobody_came(app)


def moved(handler: Any) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://169.254.169.254/latest/meta-data")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def huge(handler: Any) -> None:
    send(handler, b'{"x": "' + b"x" * 300_000 + b'"}')


FAULTS: list[Callable[[Any], None]] = [
    moved, huge, lambda h: send(h, {}, 500), lambda h: send(h, b"<html>"), lambda h: send(h, []),
    lambda h: send(h, b"[" * 100_000), lambda h: send(h, {"keys": 7}), lambda h: h.wfile.write(b"\0\0"),
    lambda h: send(h, {"id_token": None}), lambda h: send(h, b"\xff\xfe"),
]  # fmt: skip


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"])
@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_whatever_a_provider_answers_is_told_on_a_page(
    app: Flask, acme: Provider, browser: Browsers, path: str, number: int
) -> None:
    acme.person = {"sub": "42"}
    acme.instead[path] = FAULTS[number]
    one = browser()
    page = one.get("/auth/sso/acme", 502) if path.startswith("/.well") else log_in(one, status=502)
    assert page.says("Acme cannot be asked at the moment")
    assert "/auth/login" in page.links
    one.get("/auth/me", 303)


def test_a_provider_that_hangs_is_waited_for_no_longer_than_said(
    acme: Provider, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "SECONDS", 0.3)
    acme.instead["/.well-known/openid-configuration"] = lambda _: time.sleep(1)
    began = time.monotonic()
    for _ in range(4):
        browser().get("/auth/sso/acme", 502)
    assert time.monotonic() - began < 2.5, "after three failures it is left alone"
    assert browser().get("/auth/login").says("Password")


def test_a_provider_that_is_gone_is_told_to_a_client(app: Flask, acme: Provider, api: Any) -> None:
    acme.stop()
    assert "Acme cannot be asked" in api().get("/auth/sso/acme", status=502)["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "https://user@127.0.0.1/"},
        {"token_endpoint": 7},
        {"jwks_uri": "https://[x"},
    ],
)
def test_a_document_that_leads_astray_is_not_followed(acme: Provider, browser: Browsers, wrong: Any) -> None:
    acme.metadata = wrong
    browser().get("/auth/sso/acme", 502)


def test_no_address_inside_is_asked_for_a_provider_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """SSRF: a document may name any address of https, and none of our own network is asked."""
    from webapp.outside import guard

    reached: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *rest: reached.append(rest))
    outside = of_issuer("https://93.184.215.14")
    for url in ("https://169.254.169.254/", "https://10.0.0.1/jwks", "https://[::1]/", "https://127.0.0.1:9999/"):
        with pytest.raises(guard.Refused):
            talking._asked(outside, url, None, {})
    assert not reached


def of_issuer(issuer: str) -> Any:
    from webapp.config.sso import OidcProvider

    return OidcProvider(id="acme", label="Acme", issuer=issuer, client_id="x")


WRONG_SETTINGS: dict[str, dict[str, Any]] = {
    "SSO_PROVIDERS.0.ISSUER": {"issuer": "http://login.example.org"},
    "SSO_PROVIDERS.0.ID": {"id": "A/b"},
    "SSO_PROVIDERS.0.CLIENT_ID": {"client_id": ""},
    "SSO_PROVIDERS.0.GROUPS": {"groups": {"dev": ["CORE:owner"]}},
    "SSO_PROVIDERS.0.SECRET": {"secret": "hidden-in-vain"},
}


@pytest.mark.parametrize("name", WRONG_SETTINGS)
def test_a_wrong_setting_is_named_at_start_and_no_secret_with_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    right = {"id": "acme", "label": "Acme", "issuer": "https://login.example.org", "client_id": "cairn"}
    said: dict[str, Any] = {**right, "client_secret": "hidden-in-vain", **WRONG_SETTINGS[name]}
    monkeypatch.setenv("SSO_PROVIDERS", json.dumps([said]))
    with pytest.raises(SystemExit):
        config.load()
    said_then = capsys.readouterr().err
    assert name in said_then
    assert "in-vain" not in said_then


def test_passwords_are_not_switched_off_where_nothing_else_lets_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PASSWORD_LOGIN", "off")
    with pytest.raises(SystemExit):
        config.load()
    assert "PASSWORD_LOGIN" in capsys.readouterr().err


def test_secrets_of_providers_are_shown_nowhere(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    assert SECRET not in repr(settings)
    assert SECRET not in str(told(settings))
