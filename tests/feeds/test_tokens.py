"""Feed tokens: made, told once, listed, revoked."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from webapp.db import transacting

URL = "/auth/feeds"


@pytest.fixture
def made(api, ada):
    return api(ada).post(URL, {"name": "Phone", "list": "/projects/WALL/issues?q=is:open"})


def test_the_secret_is_told_once(api, ada, made):
    listed = api(ada).get(URL)["items"]
    assert [(one["name"], one["last_four"], one["used_on"]) for one in listed] == [
        ("Phone", made["token"][-4:], None)
    ]
    assert "token" not in listed[0]


def test_it_comes_with_the_addresses_of_the_list(made):
    addresses = {one["format"]: one["url"] for one in made["addresses"]}
    assert list(addresses) == ["atom", "ics", "csv", "jsonl"]
    assert addresses["ics"] == f"http://localhost/projects/WALL/issues.ics?q=is:open&token={made['token']}"


def test_an_issue_has_but_one_feed(api, ada):
    made = api(ada).post(URL, {"name": "Reader", "list": "/projects/WALL/issues/12"})
    assert [one["url"] for one in made["addresses"]] == [
        f"http://localhost/projects/WALL/issues/12.atom?token={made['token']}"
    ]


@pytest.mark.parametrize(
    "where", ["https://evil.example/issues", "//evil.example/issues", "/auth/me", "/issues\n", ""]
)
def test_a_token_is_not_put_into_another_address(api, ada, where):
    told = api(ada).post(URL, {"name": "Phone", "list": where}, status=422)
    assert told["errors"][0]["field"] == "list"


def test_a_page_shows_the_addresses_once(browser, ada):
    browser = browser(ada)
    assert browser.get(f"{URL}?list=/issues").fields["list"] == "/issues"
    page = browser.post(URL, {"name": "Phone", "list": "/issues"}, status=200)
    assert "http://localhost/issues.ics?token=cairn_feed_" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    later = browser.get(URL)
    assert later.says("Phone")
    assert "cairn_feed_" not in later.text


def test_the_database_holds_no_secret(app, made):
    with app.app_context(), transacting() as session:
        rows = session.execute(text("SELECT row_to_json(feed_tokens)::text FROM feed_tokens")).scalars().all()
    assert rows
    assert not any(made["token"] in row for row in rows)


def test_a_form_without_a_name_comes_back(browser, ada):
    page = browser(ada).post(URL, {"list": "/issues"}, status=422)
    assert page.fields["list"] == "/issues"
    assert page.says("What it is for")


def test_one_revokes_ones_own(api, browser, ada, eve, made):
    api(eve).delete(f"{URL}/{made['id']}", status=404)
    browser(ada).post(f"{URL}/{made['id']}/delete")
    assert api(ada).get(URL)["items"] == []


def test_nobody_has_any_number(api, ada, monkeypatch):
    monkeypatch.setattr("webapp.feeds.service.MOST", 1)
    api(ada).post(URL, {"name": "Phone"})
    assert "Revoke" in api(ada).post(URL, {"name": "Phone"}, status=409)["detail"]


def test_it_lasts_a_year_or_as_long_as_one_says(api, browser, ada):
    def days(made):
        lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
        return round(lasts / timedelta(days=1))

    client = api(ada)
    assert days(client.post(URL, {"name": "Phone"})) == 365
    assert days(client.post(URL, {"name": "Phone", "days": 7})) == 7
    told = client.post(URL, {"name": "Phone", "expires_on": "2020-01-01"}, status=422)
    assert told["errors"][0]["field"] == "expires_on"
    page = browser(ada).post(URL, {"name": "Phone", "days": "30", "expires_on": "2020-01-01"}, status=422)
    assert page.says("The last day must be today or a day within a year.")
    assert page.fields["expires_on"] == "2020-01-01"
