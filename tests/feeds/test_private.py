"""Feeds that a token opens: they read, as its owner may now, and nothing else."""

import logging
from urllib.parse import urlsplit

import pytest

from tests.make import PASSWORD

LIST = "/projects/WALL/issues"
ADDRESSES = [f"{LIST}.atom", f"{LIST}.ics", f"{LIST}.csv", f"{LIST}.jsonl", f"{LIST}/1.atom", "/issues.csv"]


@pytest.fixture
def issue(make, ada, project):
    return make.issue(project, ada, title="Secret stone", due_on="2026-12-24")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_token_opens_every_feed(api, browser, issue, token, address):
    sent = api().send("GET", f"{address}?token={token}", status=200)
    assert "Secret stone" in sent.text
    assert "Set-Cookie" not in sent.headers
    assert sent.headers["Cache-Control"].startswith("private")
    assert sent.headers["Referrer-Policy"] == "no-referrer"
    assert token not in sent.text
    api().send("HEAD", f"{address}?token={token}", status=200)


def test_the_addresses_that_are_told_work(api, ada, issue):
    made = api(ada).post("/auth/feeds", {"name": "Phone", "list": f"{LIST}?q=stone"})
    for one in made["addresses"]:
        at = urlsplit(one["url"])
        assert "Secret stone" in api().send("GET", f"{at.path}?{at.query}", status=200).text


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("secret", ["cairn_feed_" + "x" * 43, "x", "%00", "%ff", "=", "x" * 2000])
def test_another_token_opens_none(api, browser, issue, address, secret):
    told = api().send("GET", f"{address}?token={secret}", status=401)
    assert told.json["detail"] == "Its token is not valid, or no longer."
    assert told.headers["WWW-Authenticate"]


def test_a_browser_is_told_the_same_and_not_led_to_the_login(browser, issue):
    page = browser().get(f"{LIST}.atom?token=x", status=401)
    assert page.says("Its token is not valid, or no longer.")


def test_a_login_does_not_help_a_bad_token(api, browser, ada, issue):
    api(ada).send("GET", f"{LIST}.atom?token=x", status=401)
    browser(ada).get(f"{LIST}.atom?token=x", status=401)


@pytest.mark.parametrize("address", [LIST, f"{LIST}/1", "/projects/WALL", "/auth/me", "/auth/feeds", "/projects"])
def test_it_opens_nothing_else(api, issue, token, address):
    sent = api().send("GET", f"{address}?token={token}")
    assert sent.status_code in (401, 422) or "WALL" not in sent.text
    api().send("GET", address, headers={"Authorization": f"Bearer {token}"}, status=401)


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_it_writes_nothing(api, issue, token, method):
    api().send(method, f"{LIST}.csv?token={token}", status=405)
    assert api().send(method, f"{LIST}/1?token={token}", json={"title": "x"}).status_code in (401, 405, 422)


def test_a_revoked_one_opens_nothing(api, ada, issue, token):
    (listed,) = api(ada).get("/auth/feeds")["items"]
    api(ada).delete(f"/auth/feeds/{listed['id']}")
    api().send("GET", f"{LIST}.atom?token={token}", status=401)


def test_it_ends_with_the_account(api, make, ada, issue, token):
    make.deactivated(ada)
    api().send("GET", f"{LIST}.atom?token={token}", status=401)


def test_another_password_ends_it_and_the_list_says_so(api, browser, ada, issue, token):
    client = api(ada)
    changed = client.post(
        "/auth/password", {"current_password": PASSWORD, "new_password": "seven quiet mossy gates"}, status=200
    )
    api().send("GET", f"{LIST}.atom?token={token}", status=401)
    listed = api(None, Authorization=f"Bearer {changed['access_token']}").get("/auth/feeds")["items"]
    assert [one["is_over"] for one in listed] == [True]


def test_it_has_the_rights_that_its_owner_has_now(api, make, project, issue):
    bob = make.member(project, "viewer")
    token = api(bob).post("/auth/feeds", {"name": "Phone"})["token"]
    api().send("GET", f"{LIST}.atom?token={token}", status=200)
    api(bob).delete(f"/projects/WALL/members/{bob.id}")
    api().send("GET", f"{LIST}.atom?token={token}", status=404)
    assert "Secret stone" not in api().send("GET", f"/issues.atom?token={token}", status=200).text


def test_its_last_day_of_use_is_told(api, ada, issue, token, statements):
    api().send("GET", f"{LIST}.atom?token={token}")
    assert api(ada).get("/auth/feeds")["items"][0]["used_on"]
    statements.clear()
    api().send("GET", f"{LIST}.atom?token={token}")
    assert not [one for one in statements if one.startswith("UPDATE")]


def test_no_log_has_it(api, issue, token, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("cairn"), "propagate", True)
    with caplog.at_level(logging.DEBUG):
        api().send("GET", f"{LIST}.atom?token={token}", status=200)
        api().send("GET", f"{LIST}.atom?token={token}&q=is:purple", status=422)
    told = "".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert f"{LIST}.atom" in told
    assert token not in told


def test_without_a_token_nothing_hidden_is_shown(api, browser, eve, issue):
    api().send("GET", f"{LIST}.atom", status=401)
    api(eve).send("GET", f"{LIST}.atom", status=404)
    assert browser().get(f"{LIST}.csv", status=303).location.startswith("/auth/login?next=")


def test_pages_lead_to_a_subscription_where_a_token_is_needed(browser, ada, make, issue, public):
    make.issue(public, ada)
    page = browser(ada).get(f"{LIST}?q=stone")
    assert "/auth/feeds?list=/projects/WALL/issues?q%3Dstone" in page.links
    assert browser(ada).get("/auth/feeds?list=/projects/WALL/issues?q%3Dstone").fields["list"] == f"{LIST}?q=stone"
    assert f"{LIST}.csv?q=stone" in page.links
    assert "/projects/OPEN/issues.ics" in browser().get("/projects/OPEN/issues").links
