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


def test_who_may_come_in_is_changed_by_whom_is_known(make, ada, stale):
    make.project(ada, key="WALL", visibility="private")
    client, window = stale
    client.patch("/projects/WALL", {"visibility": "public"}, status=401)
    client.patch("/projects/WALL", {"visibility": "private", "name": "Dry stone"})
    assert client.get("/projects/WALL")["visibility"] == "private"
    led = window.post("/projects/WALL", {"name": "Low wall", "visibility": "public"}, status=303).location
    window.post("/auth/confirm", {"password": PASSWORD, "next": "/projects/WALL/edit"}, status=303)
    assert led == "/auth/confirm?next=/projects/WALL/edit"
    assert 'value="Low wall"' in window.get("/projects/WALL/edit").text
    window.post("/projects/WALL", {"name": "Low wall", "visibility": "public", "reveal": "true"}, status=303)


def test_who_has_confirmed_already_is_led_on(browser, ada, stale):
    assert browser(ada).get("/auth/confirm?next=/projects", status=303).location == "/projects"
    assert stale[1].get("/auth/confirm?next=/projects").says("Confirm that it is you")


def test_what_is_kept_outlasts_a_login_that_ends_before_the_password_is_typed(app, make, ada, stale, api):
    make.project(ada, key="WALL")
    _, window = stale
    led = window.post("/projects/WALL/members", {"email": "new@example.com", "role": "viewer"}, status=303).location
    window.get(led)
    api(ada).delete("/auth/sign-ins")
    again = window.post(
        "/auth/confirm", {"password": PASSWORD, "next": "/projects/WALL/members"}, status=303
    ).location
    assert again == "/auth/login?next=/auth/confirm%3Fnext%3D/projects/WALL/members"
    sent = {"email": ada.email, "password": PASSWORD, "next": "/auth/confirm?next=/projects/WALL/members"}
    on = window.post("/auth/login", sent, status=303).location
    at = window.get(on, status=303).location
    assert at == "/projects/WALL/members"
    assert 'value="new@example.com"' in window.get(at).text


def test_every_way_to_confirm_leads_back_to_a_page(app, make, ada, stale, api):
    """Also of a button that stands on a page which tells nobody where it is."""
    project = make.project(ada, key="WALL")
    owner = api(ada)
    things = {
        "feed_token": owner.post("/auth/feeds", {"name": "Calendar"})["id"],
        "webhook": owner.post("/projects/WALL/webhooks", {"url": "https://93.184.215.14/"})["id"],
        "code_host": owner.post("/projects/WALL/code-hosts", {"kind": "github"})["id"],
        "sign_in": owner.get("/auth/sign-ins")["items"][0]["id"],
    }
    _, window = stale
    for address in (
        f"/auth/feeds/{things['feed_token']}/delete",
        f"/projects/{project.key}/webhooks/{things['webhook']}/delete",
        f"/projects/{project.key}/code-hosts/{things['code_host']}/delete",
        f"/auth/sign-ins/{things['sign_in']}/delete",
        "/auth/sign-ins/delete",
    ):
        led = window.post(address, status=303).location
        at = led.partition("?next=")[2]
        assert at, address
        window.get(at)


def test_reading_and_writing_go_on_without(make, ada, stale):
    make.project(ada, key="WALL")
    client, _ = stale
    client.post("/projects/WALL/issues", {"title": "A stone is loose"})
    client.get("/projects/WALL/members")
