"""What is new in a thread since its reader looked at it last, whether they are told of it in the inbox or not."""

import pytest
from sqlalchemy import text

from tests.clients import HTML
from webapp import keeping
from webapp.db import transacting
from webapp.http import viewed

ISSUE = "/projects/WALL/issues/1"
NEW = 'id="new"'


def an_hour_later(app, look):
    """Let all that was said, and the look at it, be an hour ago: a test is one transaction, and so one moment."""
    with app.app_context(), transacting() as session:
        for table in ("comments", "events"):
            session.execute(text(f"UPDATE {table} SET created_at = created_at - interval '1 hour'"))
        session.execute(text("UPDATE issues SET updated_at = updated_at - interval '1 hour'"))
    name = look.cookie(viewed.COOKIE)
    whose, _, at = look.client.get_cookie(name).value.partition("-")
    look.client.set_cookie(name, f"{whose}-{int(at, 16) - 3_590_000:x}")


@pytest.fixture
def eve_looks(app, api, browser, ada, eve, make):
    """Eve, who has no part in the issue, has looked at it an hour ago."""
    make.issue(make.project(ada, key="WALL", visibility="public"), ada)
    api(ada).post(f"{ISSUE}/comments", {"body": "Seen."})
    look = browser(eve)
    assert NEW not in look.get(ISSUE).text
    an_hour_later(app, look)
    return look


def test_a_line_stands_above_what_others_said_since(api, ada, eve_looks):
    api(ada).post(f"{ISSUE}/comments", {"body": "Again."})
    page = eve_looks.get(ISSUE).text
    assert page.index("Seen.") < page.index(NEW) < page.index("Again.")
    assert NEW not in eve_looks.get(ISSUE).text


def test_ones_own_comment_is_not_new(app, api, ada, eve_looks):
    eve_looks.post(f"{ISSUE}/comments", {"body": "Mine."})
    assert NEW not in eve_looks.get(ISSUE).text
    an_hour_later(app, eve_looks)
    eve_looks.post(f"{ISSUE}/comments", {"body": "Mine too."})
    api(ada).post(f"{ISSUE}/comments", {"body": "Again."})
    page = eve_looks.get(ISSUE).text
    assert page.index("Mine too.") < page.index(NEW) < page.index("Again.")


def test_a_look_for_news_leaves_the_line_for_who_reads(api, ada, eve_looks):
    api(ada).post(f"{ISSUE}/comments", {"body": "Again."})
    for headers in ({"X-Purpose": "preview"}, {"Sec-Purpose": "prefetch"}, {"Sec-Fetch-Dest": "empty"}):
        assert NEW not in eve_looks.client.get(ISSUE, headers=HTML | headers).text
    assert NEW in eve_looks.get(ISSUE).text


def test_another_browser_knows_of_no_earlier_look(api, browser, ada, eve, eve_looks):
    api(ada).post(f"{ISSUE}/comments", {"body": "Again."})
    assert NEW not in browser(eve).get(ISSUE).text


def test_only_what_is_new_costs_more(api, ada, eve_looks, statements, monkeypatch):
    monkeypatch.setattr(keeping, "PARANOID", False)
    eve_looks.client.get(ISSUE, headers=HTML | {"X-Purpose": "preview"})
    del statements[:]
    eve_looks.client.get(ISSUE, headers=HTML | {"X-Purpose": "preview"})
    assert len(statements) == 1
    api(ada).post(f"{ISSUE}/comments", {"body": "Again."})
    del statements[:]
    eve_looks.get(ISSUE)
    assert len(statements) <= 9
