"""Coming in by a provider of OpenID Connect, by real HTTP to a real one."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.clients import Browser
from tests.factors.conftest import enrol
from tests.make import PASSWORD
from tests.sso.conftest import Offer, begun, log_in, of, path_of, sent, there
from tests.sso.provider import Provider
from webapp.access import Viewer
from webapp.db import db

pytestmark = pytest.mark.usefixtures("offer")
Browsers = Callable[..., Browser]


def rows(app: Flask, statement: str) -> list[Any]:
    with app.app_context():
        return list(db.session.execute(text(statement)))


def test_the_login_page_leads_to_the_provider_and_back(app: Flask, browser: Browsers) -> None:
    one = browser()
    page = one.get("/auth/login?next=/issues")
    assert page.says("Log in with Acme")
    at = next(link for link in page.links if link.startswith("/auth/sso/acme"))
    assert log_in(one, at).location == "/issues"
    assert one.get("/auth/me").says("mia@example.com")
    (record,) = rows(app, "SELECT * FROM audit_records WHERE kind = 'authn_login_ok'")
    assert record.after == {"provider": "acme"}


def test_what_is_asked_of_the_provider(browser: Browsers) -> None:
    one = browser()
    asked = [sent(one.get("/auth/sso/acme", 303).location) for _ in range(2)]
    assert asked[0]["scope"] == "openid email profile"
    assert asked[0]["redirect_uri"] == "http://localhost/auth/sso/acme/callback"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name]) >= 43
        assert asked[0][name] != asked[1][name]


def test_two_windows_do_not_disturb_each_other(browser: Browsers) -> None:
    one = browser()
    first, second = begun(one, "/auth/sso/acme?next=/a"), begun(one, "/auth/sso/acme?next=/b")
    assert one.get(first, 303).location == "/a"
    assert one.get(second, 303).location == "/b"


def test_a_client_is_told_where_and_gets_tokens(app: Flask) -> None:
    client, json = app.test_client(), {"Accept": "application/json"}
    told = client.get("/auth/sso/acme", headers=json)
    answer = client.get(path_of(there(told.json["location"])), headers=json)
    assert answer.status_code == 200
    me = client.get("/auth/me", headers={**json, "Authorization": f"Bearer {answer.json['access_token']}"})
    assert me.json["email"] == "mia@example.com"


@pytest.mark.parametrize(
    "asked", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_leads_on_to_no_other_site(browser: Browsers, asked: str) -> None:
    assert log_in(browser(), f"/auth/sso/acme?next={asked}").location == "/"


def test_an_account_here_is_linked_only_by_who_has_it_and_agrees(
    app: Flask, acme: Provider, ada: Viewer, browser: Browsers
) -> None:
    acme.person["email"] = ada.email
    one = browser()
    assert log_in(one).location == "/auth/identities/link"
    assert one.get("/auth/identities/link", 303).location.startswith("/auth/login?next=/auth/identities/link")
    one.post("/auth/login", {"email": ada.email, "password": PASSWORD, "next": "/auth/identities/link"})
    page = one.get("/auth/identities/link")
    assert page.says("Whoever logs in at Acme")
    assert not rows(app, "SELECT * FROM outside_identities")
    one.post("/auth/identities")
    (row,) = rows(app, "SELECT * FROM outside_identities")
    assert row.user_id == ada.id
    one.get("/auth/identities/link", 303)
    other = browser()
    log_in(other)
    assert other.get("/auth/me").says(ada.email)


def test_a_client_links_by_the_token_that_it_was_told(
    app: Flask, acme: Provider, ada: Viewer, api: Callable[..., Any]
) -> None:
    acme.person["email"] = ada.email
    client, json = app.test_client(), {"Accept": "application/json"}
    told = client.get("/auth/sso/acme", headers=json)
    answer = client.get(path_of(there(told.json["location"])), headers=json)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:cairn:link_required")
    made = api(ada).post("/auth/identities", {"link_token": answer.json["link_token"]})
    assert made["provider"] == "acme"
    assert api(ada).get("/auth/identities")["items"] == [made]
    api(ada).post("/auth/identities", {"link_token": "x"}, status=409)


def test_a_login_that_is_anothers_links_to_nobody_by_a_cookie_of_another_browser(
    acme: Provider, ada: Viewer, eve: Viewer, browser: Browsers
) -> None:
    """Who began a link in their own browser cannot have somebody else finish it."""
    mine, hers = browser(eve), browser(ada)
    log_in(mine, "/auth/sso/acme?purpose=link")
    name = mine.cookie("cairn-link")
    cookie = mine.client.get_cookie(name)
    assert cookie is not None
    hers.client.set_cookie(name, cookie.value)
    hers.get("/auth/identities/link", 409)
    hers.post("/auth/identities", status=409)


def test_whoever_is_logged_in_adds_a_login_and_takes_it_away(app: Flask, ada: Viewer, browser: Browsers) -> None:
    one = browser(ada)
    page = one.get("/auth/identities")
    at = next(link for link in page.links if link.startswith("/auth/sso/acme"))
    assert log_in(one, at).location == "/auth/identities/link"
    one.post("/auth/identities")
    (row,) = rows(app, "SELECT * FROM outside_identities")
    one.post(f"/auth/identities/{row.id}/delete")
    assert not rows(app, "SELECT * FROM outside_identities")
    kinds = [one.kind for one in rows(app, "SELECT kind FROM audit_records WHERE kind LIKE 'authn_identity%'")]
    assert sorted(kinds) == ["authn_identity_link", "authn_identity_unlink"]


def test_the_last_way_in_stays(app: Flask, browser: Browsers) -> None:
    one = browser()
    log_in(one)
    (row,) = rows(app, "SELECT * FROM outside_identities")
    refused = one.post(f"/auth/identities/{row.id}/delete", status=409)
    assert refused.says("the only way in that you have. Link another login first.")
    assert rows(app, "SELECT * FROM outside_identities")


def test_nobody_unlinks_a_login_of_somebody_else(app: Flask, browser: Browsers, api: Any, eve: Viewer) -> None:
    log_in(browser())
    (row,) = rows(app, "SELECT * FROM outside_identities")
    api(eve).delete(f"/auth/identities/{row.id}", status=404)


@pytest.mark.parametrize(
    ("rule", "amr", "asked"),
    [("here", ["mfa"], True), ("there", None, False), ("amr", ["pwd"], True), ("amr", ["pwd", "mfa"], False)],
)
def test_a_second_factor_here_is_asked_unless_the_providers_suffices(
    offer: Offer, acme: Provider, ada: Viewer, browser: Browsers, api: Any, rule: str, amr: Any, asked: bool
) -> None:
    offer(second_factor=rule)
    client = api(ada)
    enrolled, _ = enrol(client)
    one = browser()
    acme.claims["amr"] = amr
    acme.person["email"] = ada.email
    link_by_client(client, acme)
    came = log_in(one, "/auth/sso/acme?next=/issues")
    if not asked:
        assert came.location == "/issues"
        return
    assert came.location == "/auth/login/factor?next=/issues"
    one.get("/auth/me", 303)
    one.post("/auth/login/factor", {"code": enrolled.code(), "next": "/issues"})
    assert one.get("/auth/me").says(ada.email)


def link_by_client(client: Any, acme: Provider) -> None:
    """Link what the provider says with the account of a client."""
    jar, json = client.client.application.test_client(), {"Accept": "application/json"}
    told = jar.get("/auth/sso/acme", headers=json)
    answer = jar.get(path_of(there(told.json["location"])), headers=json)
    client.post("/auth/identities", {"link_token": answer.json["link_token"]})


def test_whoever_is_deactivated_stays_out(app: Flask, ada: Viewer, acme: Provider, browser: Browsers) -> None:
    log_in(browser())
    app.test_cli_runner().invoke(args=["deactivate", "mia@example.com"])
    one = browser()
    assert log_in(one, status=403).says("has been deactivated")
    one.get("/auth/me", 303)


def test_ended_logins_are_ended(app: Flask, browser: Browsers, api: Any, make: Any) -> None:
    one = browser()
    log_in(one)
    one.get("/auth/me")
    mia = rows(app, "SELECT id FROM users WHERE email = 'mia@example.com'")[0].id
    api(make.person("Root", is_admin=True)).delete(f"/admin/people/{mia}/sign-ins")
    one.get("/auth/me", 303)


def test_who_has_no_password_shows_who_they_are_by_the_provider(
    app: Flask, acme: Provider, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = browser()
    log_in(one)
    from webapp.http import freshness

    monkeypatch.setattr(freshness, "holds", lambda claims: False)
    assert one.post("/auth/sign-ins/delete").location.startswith("/auth/confirm")
    page = one.get("/auth/confirm?next=/auth/sign-ins")
    assert "password" not in page.fields
    at = next(link for link in page.links if link.startswith("/auth/sso/acme"))
    asked = sent(one.get(at, 303).location)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    acme.claims["auth_time"] = 1
    assert log_in(one, at, 502).says("cannot be asked")
    acme.claims.clear()
    assert log_in(one, at).location == "/auth/sign-ins"
    assert rows(app, "SELECT 1 FROM audit_records WHERE kind = 'authn_confirm_ok'")


@pytest.mark.parametrize("at", [None, 1, True, "now"])
def test_a_browser_that_was_left_open_is_not_fresh_by_another_login(
    acme: Provider, browser: Browsers, at: Any
) -> None:
    """The provider did not ask again: whoever sits there now has shown nothing."""
    one = browser()
    acme.claims["auth_time"] = at
    if at == "now":
        log_in(one, status=502)
        return
    log_in(one)
    assert one.post("/auth/sign-ins/delete").location.startswith("/auth/confirm")
    acme.claims.clear()
    log_in(one, "/auth/sso/acme?purpose=confirm")
    assert one.post("/auth/sign-ins/delete").location == "/auth/sign-ins"


def test_nobody_confirms_as_somebody_else(acme: Provider, browser: Browsers) -> None:
    one = browser()
    log_in(one)
    acme.person = {"sub": "43", "email": "eva@example.com", "email_verified": True}
    log_in(browser())
    assert log_in(one, "/auth/sso/acme?purpose=confirm", 409).says("somebody else at Acme")


def test_what_is_only_in_userinfo_counts(acme: Provider, browser: Browsers) -> None:
    acme.person = {"sub": "42"}
    acme.userinfo = {"email": "mia@example.com", "email_verified": True, "name": "Mia"}
    log_in(browser())
    assert "/userinfo" in acme.asked


def test_groups_become_roles(
    app: Flask, acme: Provider, offer: Offer, make: Any, ada: Viewer, browser: Browsers
) -> None:
    make.project(ada, key="CORE", name="Core")
    offer(groups={"dev": ["CORE:member"], "ops": ["administrator"]})
    acme.person["groups"] = ["dev", "ops", "x" * 9000]
    log_in(browser())
    asked = "SELECT m.role, u.is_admin FROM users u LEFT JOIN memberships m ON m.user_id = u.id WHERE u.name = 'Mia'"
    assert [tuple(row) for row in rows(app, asked)] == [("member", True)]
    make.person("Root", is_admin=True)
    del acme.person["groups"]
    log_in(browser())
    assert [tuple(row) for row in rows(app, asked)] == [(None, False)]


def test_what_groups_gave_is_taken_once_none_is_worth_anything(
    app: Flask, acme: Provider, offer: Offer, make: Any, browser: Browsers
) -> None:
    make.person("Root", is_admin=True)
    offer(groups={"ops": ["administrator"]})
    acme.person["groups"] = ["ops"]
    log_in(browser())
    assert [tuple(row) for row in rows(app, "SELECT is_admin FROM users WHERE name = 'Mia'")] == [(True,)]
    offer(groups={})
    log_in(browser())
    assert [tuple(row) for row in rows(app, "SELECT is_admin FROM users WHERE name = 'Mia'")] == [(False,)]


def test_keys_change_at_the_provider(acme: Provider, browser: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    from webapp.sso import discovery

    monkeypatch.setattr(discovery, "AGAIN", -1)
    log_in(browser())
    acme.rotate()
    log_in(browser())
    assert acme.asked.count("/jwks") == 2
    assert acme.asked.count("/.well-known/openid-configuration") == 1


def test_without_passwords_every_door_for_them_is_shut(
    offer: Offer, ada: Viewer, browser: Browsers, api: Any
) -> None:
    offer(settings={"password_login": "off"})
    page = browser().get("/auth/login")
    assert "password" not in page.fields
    assert page.says("Log in with Acme")
    for path in ("/auth/register", "/auth/forgotten"):
        browser().get(path, 403)
    api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=403)
    api().post(
        "/auth/register", {"name": "Eva", "email": "e@example.com", "password": "eleven purple otters"}, status=403
    )
    api().post("/auth/forgotten", {"email": ada.email}, status=403)
    api(ada).post("/auth/confirm", {"password": PASSWORD}, status=403)
    change = {"current_password": PASSWORD, "new_password": "eleven purple otters"}
    api(ada).post("/auth/password", change, status=403)
    log_in(browser())


def test_nobody_is_sent_to_a_provider_that_is_not_there(browser: Browsers) -> None:
    browser().get("/auth/sso/nobody", 404)
    browser().get("/auth/sso/nobody/callback?code=x&state=y", 404)


def test_a_refusal_there_is_told_in_our_words(acme: Provider, browser: Browsers) -> None:
    one = browser()
    state = sent(one.get("/auth/sso/acme", 303).location)["state"]
    told = "error=access_denied&error_description=Call+0900+now"
    page = one.get(f"/auth/sso/acme/callback?{told}&state={state}", 403)
    assert page.says("did not log you in")
    assert not page.says("0900")


def test_the_second_provider_is_another_world(
    acme: Provider, other: Provider, offer: Offer, app: Flask, browser: Browsers
) -> None:
    """The same subject there is somebody else."""
    offer(of(other, "umbra"))
    log_in(browser())
    other.person["email"] = "other@example.com"
    log_in(browser(), "/auth/sso/umbra")
    assert len({row.user_id for row in rows(app, "SELECT user_id FROM outside_identities")}) == 2


@pytest.mark.parametrize(("more", "leads"), [({}, False), ({"ldap_url": "ldaps://ldap.example.org"}, True)])
def test_where_no_password_is_taken_no_page_leads_to_another(
    offer: Offer, ada: Viewer, browser: Browsers, more: dict[str, str], leads: bool
) -> None:
    """But where there is a directory: the page tells its people where to change theirs."""
    offer(settings={"password_login": "off", **more})
    one = browser(ada)
    for at in ("/auth/me", "/auth/sign-ins", "/auth/activity"):
        links = one.get(at).links
        assert "/auth/email" in links
        assert ("/auth/password" in links) is leads, at
