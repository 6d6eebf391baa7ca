"""Making, showing and revoking personal access tokens, as page and as JSON."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.make import PASSWORD
from webapp import clock, token_form
from webapp.auth import service as auth
from webapp.db import transacting
from webapp.http import tokens as access

URL = "/auth/tokens"
DRAFT = {"name": "Nightly report", "scope": "write"}


def day(later):
    return (clock.now().astimezone(UTC).date() + timedelta(days=later)).isoformat()


def test_the_token_is_told_once(api, ada):
    client = api(ada)
    made = client.post(URL, {**DRAFT, "days": 7})
    assert token_form.is_whole(made["token"])
    (listed,) = client.get(URL)["items"]
    assert listed == {name: value for name, value in made.items() if name != "token"}
    assert (listed["last_four"], listed["used_on"], listed["is_over"]) == (made["token"][-4:], None, False)
    lasts = datetime.fromisoformat(listed["expires_at"]) - datetime.fromisoformat(listed["created_at"])
    assert abs(lasts - timedelta(days=7)) < timedelta(minutes=1)


def test_the_page_shows_it_once_and_no_address_has_it(browser, ada):
    window = browser(ada)
    form = window.get(URL)
    assert (form.fields["scope"], "expires_on" in form.fields) == ("read", True)
    page = window.post(URL, {**DRAFT, "days": "30"}, status=200)
    assert 'readonly value="cairn_pat_' in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    later = window.get(URL)
    assert later.says("Nightly report")
    assert "cairn_pat_" not in later.text


def test_it_works_at_once_and_revoked_no_more(api, browser, ada, bearing):
    made = api(ada).post(URL, DRAFT)
    client = bearing(token=made["token"])
    client.get("/auth/me")
    browser(ada).post(f"{URL}/{made['id']}/delete")
    client.get("/auth/me", status=401)
    assert api(ada).get(URL)["items"] == []
    api(ada).delete(f"{URL}/{made['id']}", status=404)


def test_all_are_revoked_at_once_but_those_of_others(api, ada, eve, made, bearing):
    own, others = [bearing(token=made(ada)[1]) for _ in range(2)], bearing(eve)
    api(ada).delete(URL)
    for client in own:
        client.get("/auth/me", status=401)
    others.get("/auth/me")


def test_nobody_revokes_anothers(api, ada, eve, made, bearing):
    row, token = made(ada)
    api(eve).delete(f"{URL}/{row.id}", status=404)
    api(ada).delete(f"/auth/sign-ins/{row.id}", status=404)
    bearing(token=token).get("/auth/me")


def test_it_is_no_login(api, ada, made):
    row, _ = made(ada)
    assert row.id not in {one["id"] for one in api(ada).get("/auth/sign-ins")["items"]}


def test_logging_out_everywhere_leaves_it(api, ada, bearing):
    client = bearing(ada)
    api(ada).delete("/auth/sign-ins")
    client.get("/auth/me")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"scope": "everything"}, "scope"),
        ({"scope": None}, "scope"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"expires_on": day(-2)}, "expires_on"),
        ({"expires_on": day(368)}, "expires_on"),
        ({"expires_on": "soon"}, "expires_on"),
        ({"projects": ["NONE"]}, "projects"),
    ],
)
def test_what_is_wrong_is_named(api, browser, ada, wrong, field):
    told = api(ada).post(URL, {**DRAFT, **wrong}, status=422)
    assert [one["field"] for one in told["errors"]] == [field]
    if field != "projects":
        page = browser(ada).post(
            URL, {**DRAFT, **{k: "" if v is None else str(v) for k, v in wrong.items()}}, status=422
        )
        assert page.says("Error")
        assert page.fields["name"] == wrong.get("name", DRAFT["name"])


def test_a_day_counts_before_a_number_of_days(api, ada):
    made = api(ada).post(URL, {**DRAFT, "days": 7, "expires_on": day(200)})
    assert made["expires_at"][:10] == day(201)
    assert made["expires_at"][10:19] == "T00:00:00"


def test_the_longest_is_a_year(api, ada):
    made = api(ada).post(URL, {**DRAFT, "days": 366})
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert lasts < timedelta(days=366, minutes=1)
    api(ada).post(URL, {**DRAFT, "expires_on": day(365)})


def test_nobody_has_any_number(api, ada, monkeypatch):
    monkeypatch.setattr("webapp.personal_tokens.service.MOST", 1)
    api(ada).post(URL, DRAFT)
    assert "Revoke" in api(ada).post(URL, DRAFT, status=409)["detail"]


def test_the_database_holds_no_token(app, ada, made):
    _, token = made(ada)
    with app.app_context(), transacting() as session:
        for table in ("personal_tokens", "sign_ins"):
            rows = session.execute(text(f"SELECT row_to_json(it)::text FROM {table} AS it")).scalars().all()
            assert rows
            assert not any(token in row or token[10:] in row for row in rows)


def test_making_one_asks_for_the_password_again_and_revoking_does_not(app, api, ada, made):
    with app.app_context():
        login = auth.begin(ada, agent="tests", lasting=auth.BROWSER)
        stale = access.make(ada, sid=login.sid, epoch=login.epoch, end=login.end)
    client = api(Authorization=f"Bearer {stale}")
    row, _ = made(ada)
    assert client.post(URL, DRAFT, status=401)["title"] == "Confirm that it is you"
    client.delete(f"{URL}/{row.id}")


def test_it_stands_beside_the_tokens_for_feeds(api, browser, ada, made):
    made(ada)
    api(ada).post("/auth/feeds", {"name": "My calendar"})
    page = browser(ada).get(URL)
    assert page.says("Nightly report")
    assert page.says("My calendar")
    assert "/auth/feeds" in page.links


@pytest.mark.parametrize(("sent", "status"), [({}, 200), ({"revoke_tokens": True}, 401)])
def test_another_password_ends_it_only_if_asked_to(api, ada, bearing, sent, status):
    client = bearing(ada)
    words = {"current_password": PASSWORD, "new_password": "seven quiet lorries under pines"}
    api(ada).post("/auth/password", {**words, **sent}, status=200)
    client.get("/auth/me", status=status)


def test_the_page_of_the_password_offers_to_end_it(browser, ada, bearing):
    client, window = bearing(ada), browser(ada)
    page = window.get("/auth/password")
    assert page.fields["revoke_tokens"] == "true"
    words = {"current_password": PASSWORD, "new_password": "seven quiet lorries under pines"}
    sent = {**words, "current_password": "wrong", "boxes": page.fields["boxes"]}
    again = window.post("/auth/password", sent, status=422)
    assert "revoke_tokens" not in again.fields  # as it was sent
    window.post("/auth/password", {**words, "revoke_tokens": "true"})
    client.get("/auth/me", status=401)


@pytest.mark.parametrize("scope", ["read", "write", "admin"])
def test_no_token_makes_another_or_changes_the_locks(make, ada, bearing, scope):
    make.project(ada, key="WALL", visibility="private")
    client = bearing(ada, scope)
    for method, path, body in (
        ("POST", URL, DRAFT),
        ("GET", URL, None),
        ("DELETE", URL, None),
        ("POST", "/auth/feeds", {"name": "Calendar"}),
        ("POST", "/auth/password", {"current_password": PASSWORD, "new_password": "seven quiet lorries"}),
        ("POST", "/auth/confirm", {"password": PASSWORD}),
        ("POST", "/auth/email", {"email": "other@example.com"}),
        ("GET", "/auth/sign-ins", None),
        ("DELETE", "/auth/sign-ins", None),
        ("POST", "/auth/refresh", {}),
        ("POST", "/auth/logout", None),
        ("DELETE", "/projects/WALL", {"confirm": "WALL"}),
        ("POST", "/projects/WALL/members", {"email": "new@example.com"}),
        ("PATCH", "/projects/WALL", {"visibility": "public"}),
    ):
        refused = client.send(method, path, json=body, status=403)
        assert refused.headers["WWW-Authenticate"].startswith('Bearer error="insufficient_scope"'), path
    client.get("/auth/me")
    assert client.get("/projects/WALL")["visibility"] == "private"
