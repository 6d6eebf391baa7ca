"""What a GET does beside answering: a browser that fetches pages ahead, or looks for news, must not set it off."""

import json
import re

import pytest

from tests.clients import HTML
from tests.inbox.telling import tell
from tests.test_permissions import there_is, ways
from webapp.http import viewed
from webapp.text import elsewhere

# Routes that change a row when they are read from, and what for.
CHANGING = {
    "issues.show": "what waited unread is read; a browser that fetches ahead is refused then",
    "search.index": "takes a search from the allowance",
    "keys.palette": "the same",
    "search.similar": "the same",
    **dict.fromkeys(
        (
            "audit.export",
            "audit.export_of_project",
            "feeds.csv_of_all",
            "feeds.csv_of_project",
            "feeds.jsonl_of_all",
            "feeds.jsonl_of_project",
        ),
        "who takes so much with them is noted",
    ),
    "trash.index": "what lay there for long enough is deleted for good",
}
CHANGE = re.compile(r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")
AHEAD = {**HTML, "Sec-Purpose": "prefetch", "Sec-Fetch-Dest": "document"}
NEWS = {**HTML, "X-Purpose": "preview", "Sec-Fetch-Dest": "empty"}
SHOWN = {**HTML, "X-Purpose": "shown", "Sec-Fetch-Dest": "empty"}
ISSUE = "/projects/WALL/issues/1"


@pytest.fixture
def wall(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def issue(make, ada, wall):
    return make.issue(wall, ada)


def sent_by(look, statements, url, headers):
    """What is changed by a look at an address, and which cookies it sets."""
    del statements[:]
    answer = look.client.get(url, headers=headers)
    cookies = [one.partition("=")[0] for one in answer.headers.getlist("Set-Cookie")]
    return answer, [one for one in statements if CHANGE.search(one)], cookies


def test_what_reading_changes_is_known(app, make, browser, statements, monkeypatch):
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    things, people = there_is(make, "private")
    look, changing, ahead, kept = browser(people["admin"]), set(), set(), set()
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for way in ways(app, "page"):
        if way.method != "GET":
            continue
        values = {name: things.get(way.to.at.get(name, name), 1) for name in way.rule.arguments}
        url = adapter.build(way.rule.endpoint, values)
        _, changes, _ = sent_by(look, statements, url, HTML)
        changing |= {way.rule.endpoint} if changes else set()
        _, changes, cookies = sent_by(look, statements, url, AHEAD)
        ahead |= {way.rule.endpoint} if changes else set()
        kept |= {way.rule.endpoint} if cookies else set()
    assert changing <= set(CHANGING)
    assert set(CHANGING) <= set(app.view_functions)
    assert not ahead & {endpoint for _, endpoint in FOLLOWED.values()}, "what is fetched ahead changes nothing"
    kept -= {"factors.login_form"}  # no link leads there
    assert not kept, "a page that is fetched ahead leaves cookies as they are"


@pytest.mark.parametrize("headers", [AHEAD, NEWS, SHOWN], ids=["ahead", "news", "shown"])
def test_a_notice_waits_for_the_page_that_is_shown(browser, ada, issue, headers):
    look = browser(ada)
    look.post(f"{ISSUE}/closure", {"close_reason": "completed"})
    assert 'class="notice' not in look.client.get(ISSUE, headers=headers).text
    assert 'class="notice' in look.get(ISSUE).text


def test_what_waits_unread_is_not_fetched_ahead(app, api, browser, make, wall, issue):
    bob = make.member(wall, "member")
    look = browser(bob)
    assert look.client.get(ISSUE, headers=AHEAD).status_code == 200
    tell(app, bob, issue)
    assert look.client.get(ISSUE, headers=AHEAD).status_code == 503
    assert look.client.get(ISSUE, headers=NEWS).status_code == 200
    assert [one["unread"] for one in api(bob).get("/inbox")["items"]] == [True]
    look.get(ISSUE)
    assert [one["unread"] for one in api(bob).get("/inbox?q=is:all")["items"]] == [False]
    assert look.client.get(ISSUE, headers=AHEAD).status_code == 200


@pytest.mark.parametrize("headers", [AHEAD, NEWS], ids=["ahead", "news"])
def test_an_issue_is_looked_at_once_it_is_shown(app, browser, ada, issue, headers):
    look = browser(ada)
    look.client.get(ISSUE, headers=headers)
    assert not look.get("/").says("Recently viewed")
    tag = look.client.get(ISSUE, headers=headers).headers["ETag"]
    assert look.client.get(ISSUE, headers={**SHOWN, "If-None-Match": tag}).status_code == 304
    assert look.get("/").says("Recently viewed")
    assert look.client.get_cookie(look.cookie(viewed.COOKIE))


# What a rule's pattern stands for, and may: reading it changes nothing, it is no export, and it is a page.
FOLLOWED = {
    "/projects/:project/issues": ("/projects/WALL/issues", "issues.index"),
    "/projects/:project/issues/:number(\\d+)": ("/projects/WALL/issues/1", "issues.show"),
    "/projects/:project/board": ("/projects/WALL/board", "board.show"),
}


def rules(app):
    answer = app.test_client().get(f"{app.config['ASSETS']}speculation.json")
    assert answer.mimetype == "application/speculationrules+json"
    return json.loads(answer.data)["prefetch"]


def test_a_browser_fetches_only_the_next_pages_ahead(app):
    (rule,) = rules(app)
    assert rule["eagerness"] == "moderate"
    patterns = next(one["href_matches"] for one in rule["where"]["and"] if "href_matches" in one)
    assert set(patterns) == set(FOLLOWED)
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for pattern in patterns:
        address, endpoint = FOLLOWED[pattern]
        assert adapter.match(address, method="GET")[0] == endpoint
        assert endpoint not in set(CHANGING) - {"issues.show"}


def test_pages_say_where_the_rules_are_and_other_answers_do_not(app, api, browser, ada, issue):
    look = browser(ada)
    said = f'"{app.config["ASSETS"]}speculation.json"'
    assert look.get(ISSUE).response.headers["Speculation-Rules"] == said
    for answer in (api(ada).send("GET", ISSUE), look.client.get("/nowhere", headers=HTML)):
        assert "Speculation-Rules" not in answer.headers


def test_what_a_script_changes_makes_them_old_too(browser, ada, issue):
    look = browser(ada)
    csrf = {"X-CSRF-TOKEN": look.csrf, "Accept": "application/json"}
    changed = look.client.patch(ISSUE, json={"priority": "high"}, headers=csrf)
    assert (changed.status_code, changed.headers["Clear-Site-Data"]) == (200, '"prefetchCache"')
    looked = look.client.get(ISSUE, headers={"Accept": "application/json"})
    assert not {"Clear-Site-Data", "Speculation-Rules"} & {*looked.headers.keys()}


def test_what_is_changed_makes_pages_old_that_were_fetched_ahead(api, browser, ada, issue):
    look = browser(ada)
    changed = look.post(f"{ISSUE}/comments", {"body": "Seen."}).response
    assert changed.headers["Clear-Site-Data"] == '"prefetchCache"'
    assert "Clear-Site-Data" not in look.get(ISSUE).response.headers
    assert "Clear-Site-Data" not in api(ada).send("POST", f"{ISSUE}/comments", json={"body": "Seen."}).headers
