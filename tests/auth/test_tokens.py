import re
import time

import jwt
import pytest

from tests.clients import token_of
from tests.make import PASSWORD
from webapp.auth import changing
from webapp.db import db


@pytest.fixture
def key(app):
    return app.config["JWT_SECRET_KEY"]


@pytest.fixture
def claims(app, ada, key):
    return jwt.decode(token_of(app, ada), key, algorithms=["HS256"], audience="cairn")


def bearer(api, token, status):
    response = api(Authorization=f"Bearer {token}").send("GET", "/auth/me", status=status)
    if status == 401:
        assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert response.mimetype == "application/problem+json"


def test_the_subject_is_the_id_and_the_address_stands_beside(claims, ada):
    assert (claims["sub"], claims["email"]) == (str(ada.id), ada.email)


def test_a_whole_token_is_taken(api, claims, key):
    bearer(api, jwt.encode(claims, key), 200)


@pytest.mark.parametrize("claim", ["sub", "exp", "iat", "jti", "sid", "ep", "type", "end", "iss", "aud", "idle"])
def test_a_token_without_a_claim_is_refused(api, claims, key, claim):
    del claims[claim]
    bearer(api, jwt.encode(claims, key), 401)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("type", "refresh"), ("type", ["access"]), ("sid", "1"), ("sid", 2**70), ("sid", 10**9), ("ep", 2),
        ("iss", "other"), ("aud", "other"), ("sub", "-1"), ("sub", "9" * 30), ("sub", "x"), ("sub", "٣"),
        ("exp", 1), ("sub", ""), ("end", "soon"), ("iat", 2**40),
    ],
)  # fmt: skip
def test_a_token_with_another_value_is_refused(api, claims, key, claim, value):
    bearer(api, jwt.encode({**claims, claim: value}, key), 401)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_no_other_algorithm_is_taken(api, claims, key, algorithm):
    secret = "" if algorithm == "none" else key
    bearer(api, jwt.encode(claims, secret, algorithm=algorithm), 401)


def test_a_token_of_another_key_is_refused(api, claims, app):
    bearer(api, jwt.encode(claims, app.config["KEYS"]["notice"].present), 401)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "x" * 5000, "eyJhbGciOiJIUzI1NiJ9.e30.x"])
def test_garbage_is_refused(api, token):
    bearer(api, token.encode().decode("latin-1"), 401)


def test_a_bad_token_is_refused_even_where_nobody_need_log_in(api, ada, make):
    project = make.project(ada, visibility="public")
    api(Authorization="Bearer x").get(f"/projects/{project.key}", status=401)


@pytest.mark.parametrize("token", ["x", "expired"])
def test_a_bad_cookie_is_taken_away_and_locks_nobody_out(browser, ada, app, token):
    from datetime import timedelta

    someone = browser()
    someone.hold(token_of(app, ada, timedelta(seconds=-60)) if token == "expired" else token)
    response = someone.get("/auth/login").response
    assert any(re.match("cairn-[0-9a-f]{8}=;", h) for h in response.headers.getlist("Set-Cookie"))


def test_a_deactivated_browser_is_signed_out_not_locked_out(browser, ada, make):
    someone = browser(ada)
    make.deactivated(ada)
    response = someone.get("/auth/login").response
    assert any(re.match("cairn-[0-9a-f]{8}=;", h) for h in response.headers.getlist("Set-Cookie"))
    assert someone.get("/auth/me", status=303).location == "/auth/login?next=/auth/me"


def test_a_deactivated_bearer_is_told_so_in_either_tongue(api, ada, make):
    client = api(ada)
    make.deactivated(ada)
    assert "deactivated" in client.get("/auth/me", status=403)["detail"]
    assert "deactivated" in client.send("GET", "/auth/me", headers={"Accept": "text/html"}, status=403).text


def test_the_login_page_is_where_an_expired_cookie_leads(browser, app, ada):
    someone = browser()
    someone.hold("x")
    assert someone.get("/projects/new?name=A", status=303).location == "/auth/login?next=/projects/new%3Fname%3DA"


def test_logging_out_ends_the_copied_token_too(api, browser, app, ada):
    token = token_of(app, ada)
    someone = browser()
    someone.hold(token)
    someone.post("/auth/logout")
    bearer(api, token, 401)
    assert someone.client.get_cookie(someone.cookie("cairn")) is None


def test_another_password_ends_every_login(api, app, ada):
    token = token_of(app, ada)
    with app.app_context():
        changing.set_password(ada.email, "another quite long one")
    bearer(api, token, 401)


def test_another_password_ends_the_refresh_tokens_too(api, app, ada):
    held = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    with app.app_context():
        changing.set_password(ada.email, "another quite long one")
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)


def test_a_refresh_token_is_used_up(api, ada, app):
    first = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    second = api().post("/auth/refresh", {"refresh_token": first["refresh_token"]}, status=200)
    assert second["refresh_token"] != first["refresh_token"]
    bearer(api, second["access_token"], 200)


def test_refreshing_twice_at_once_gives_the_same_successor(api, ada):
    first = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    body = {"refresh_token": first["refresh_token"]}
    one, other = (api().post("/auth/refresh", body, status=200) for _ in range(2))
    assert one["refresh_token"] == other["refresh_token"]
    api().post("/auth/refresh", {"refresh_token": other["refresh_token"]}, status=200)


def test_a_refresh_token_that_comes_back_late_ends_the_login(api, ada, app):
    from datetime import UTC, datetime, timedelta

    from sqlalchemy import update

    from webapp.models.auth import SignIn

    first = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    second = api().post("/auth/refresh", {"refresh_token": first["refresh_token"]}, status=200)
    with app.app_context():
        db.session.execute(update(SignIn).values(refreshed_at=datetime.now(UTC) - timedelta(seconds=21)))
        db.session.commit()
    api().post("/auth/refresh", {"refresh_token": first["refresh_token"]}, status=401)
    bearer(api, second["access_token"], 401)
    api().post("/auth/refresh", {"refresh_token": second["refresh_token"]}, status=401)


def test_a_copied_refresh_token_ends_the_login_however_often_it_was_renewed(api, ada):
    copied = token = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    for _ in range(3):
        token = api().post("/auth/refresh", {"refresh_token": token["refresh_token"]}, status=200)
    api().post("/auth/refresh", {"refresh_token": copied["refresh_token"]}, status=401)
    api().post("/auth/refresh", {"refresh_token": token["refresh_token"]}, status=401)
    bearer(api, token["access_token"], 401)


def test_an_invented_refresh_token_ends_nobodys_login(api, ada):
    first = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    sid, random, mac = first["refresh_token"].split(".")
    for invented in (f"{sid}.{random}x.{mac}", f"{sid}.{random}.{mac[:-2]}", f"{int(sid) + 1}.{random}.{mac}", sid):
        api().post("/auth/refresh", {"refresh_token": invented}, status=401)
    api().post("/auth/refresh", {"refresh_token": first["refresh_token"]}, status=200)


@pytest.mark.parametrize("token", ["", "x", "é", "..", ".x.", None])
def test_a_refresh_without_a_token_of_ours_is_refused(api, token):
    api().post("/auth/refresh", {"refresh_token": token}, status=401)


def test_a_browser_that_keeps_coming_stays_signed_in(browser, app, ada, key, claims):
    claims.update(iat=int(time.time()) - 6000, exp=int(time.time()) + 40_000, idle=43_200)
    someone = browser()
    someone.hold(jwt.encode(claims, key))
    cookies = someone.get("/auth/me").response.headers.getlist("Set-Cookie")
    renewed = next(cookie for cookie in cookies if cookie.startswith(f"{someone.cookie('cairn')}="))
    fresh = jwt.decode(renewed.partition(";")[0].partition("=")[2], key, algorithms=["HS256"], audience="cairn")
    assert fresh["end"] == claims["end"]
    assert fresh["sid"] == claims["sid"]
    assert fresh["exp"] > claims["exp"]
    assert fresh["csrf"] == claims["csrf"]


def test_a_login_is_not_renewed_in_its_last_moment(browser, key, claims):
    claims.update(iat=int(time.time()) - 6000, exp=int(time.time()) + 40_000, end=int(time.time()), idle=43_200)
    someone = browser()
    someone.hold(jwt.encode(claims, key))
    cookies = someone.get("/auth/me").response.headers.getlist("Set-Cookie")
    assert not [cookie for cookie in cookies if cookie.startswith(f"{someone.cookie('cairn')}=")]
    headers = {"Accept": "application/json", "X-CSRF-TOKEN": claims["csrf"]}
    assert someone.client.post("/auth/refresh", json={}, headers=headers).status_code == 401


def test_no_answer_renews_a_login_that_it_ends(browser, app, key, claims):
    claims.update(iat=int(time.time()) - 6000, exp=int(time.time()) + 40_000, idle=43_200)
    someone = browser()
    someone.hold(jwt.encode(claims, key))
    cookies = someone.post("/auth/logout").response.headers.getlist("Set-Cookie")
    assert not [
        cookie
        for cookie in cookies
        if cookie.startswith(f"{someone.cookie('cairn')}=") and not cookie.partition("=")[2].startswith(";")
    ]
