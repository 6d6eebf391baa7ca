"""What changes the locks asks again who somebody is, if they have not shown it for a quarter of an hour."""

import time
from datetime import timedelta

import pytest

from tests.make import PASSWORD
from webapp.auth import service as auth
from webapp.http import freshness, tokens


@pytest.fixture
def stale(app, api, browser, ada):
    """Ada, logged in for an hour: her client and her browser."""
    with app.app_context():
        login = auth.begin(ada, agent="tests", lasting=auth.BROWSER)
        token = tokens.make(ada, sid=login.sid, epoch=login.epoch, end=login.end, lasts=timedelta(minutes=30))
    client, window = api(ada), browser(ada)
    client.headers["Authorization"] = f"Bearer {token}"
    window.hold(token)
    return client, window


def addresses(app):
    """Where each of what is sensitive is, by its endpoint and method, as clients and as pages send it."""
    values = {"project": "WALL", "token": "x" * 43}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in freshness.SENSITIVE:
            given = {name: values.get(name, 1) for name in rule.arguments}
            with app.test_request_context():
                adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
                for method in rule.methods - {"HEAD", "OPTIONS"}:
                    yield rule.endpoint, method, adapter.build(rule.endpoint, given, method=method)


def test_all_that_is_sensitive_is_refused_after_a_while(app, make, ada, stale):
    make.project(ada, key="WALL")
    client, window = stale
    asked = set()
    for endpoint, method, address in addresses(app):
        operation = app.view_functions[endpoint].operation
        if method == operation.method:
            refused = client.send(method, address, json={}, status=401)
            assert refused.json["title"] == "Confirm that it is you", address
            assert refused.headers["WWW-Authenticate"] == (
                'Bearer error="insufficient_user_authentication", max_age=900'
            )
            asked.add(endpoint)
        if method == "POST":
            assert window.post(address, status=303).location.startswith("/auth/confirm"), address
    assert asked == freshness.SENSITIVE


def test_a_login_is_fresh_and_what_renews_it_makes_it_no_fresher(app, api, ada):
    def end(token):
        with app.app_context():
            return tokens.read(token)["fresh"]

    login = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    assert end(login["access_token"])
    renewed = api().post("/auth/refresh", {"refresh_token": login["refresh_token"]}, status=200)
    assert end(renewed["access_token"]) is False


def test_a_cookie_that_is_renewed_is_fresh_no_longer_than_before(app, browser, ada, monkeypatch):
    window = browser()
    window.post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=303)

    def end():
        with app.app_context():
            return tokens.read(window.client.get_cookie(window.cookie("cairn")).value)["fresh"]

    before = end()
    later = time.time() + 7200
    monkeypatch.setattr(time, "time", lambda: later)
    held = window.client.get_cookie(window.cookie("cairn")).value
    window.get("/")
    assert window.client.get_cookie(window.cookie("cairn")).value != held
    assert end() == before


def test_who_confirms_goes_on_with_what_was_typed(app, make, ada, stale):
    make.project(ada, key="WALL")
    _, window = stale
    led = window.post("/projects/WALL/members", {"email": "new@example.com", "role": "viewer"}, status=303)
    page = window.get(led.location)
    assert page.says("Confirm that it is you")
    assert page.says("Your text is kept.")
    wrong = window.post("/auth/confirm", {"password": "wrong", "next": "/projects/WALL/members"}, status=422)
    assert wrong.says("is not right")
    on = window.post("/auth/confirm", {"password": PASSWORD, "next": "/projects/WALL/members"}, status=303)
    assert on.location == "/projects/WALL/members"
    assert 'value="new@example.com"' in window.get(on.location).text
    invited = window.post("/projects/WALL/members", {"email": "new@example.com", "role": "viewer"}, status=200)
    assert invited.says("new@example.com")


def test_a_client_confirms_and_is_given_another_token(ada, stale):
    client, _ = stale
    client.post("/auth/feeds", {"name": "Calendar"}, status=401)
    client.post("/auth/confirm", {"password": "wrong"}, status=422)
    client.post("/auth/feeds", {"name": "Calendar"}, status=401)
    given = client.post("/auth/confirm", {"password": PASSWORD}, status=200)
    assert set(given) == {"access_token", "token_type", "expires_in"}
    client.headers["Authorization"] = f"Bearer {given['access_token']}"
    client.post("/auth/feeds", {"name": "Calendar"})


def test_confirming_waits_after_failures(stale):
    client, _ = stale
    answers = {client.send("POST", "/auth/confirm", json={"password": f"wrong {n}"}).status_code for n in range(12)}
    assert answers == {422, 429}


@pytest.mark.parametrize("next", ["https://evil.test", "//evil.test", "/\\evil.test"])
def test_confirming_leads_nowhere_else(stale, next):
    _, window = stale
    assert window.post("/auth/confirm", {"password": PASSWORD, "next": next}, status=303).location == "/"


def test_reading_and_writing_go_on_without(make, ada, stale):
    make.project(ada, key="WALL")
    client, _ = stale
    client.post("/projects/WALL/issues", {"title": "A stone is loose"})
    client.get("/projects/WALL/members")
