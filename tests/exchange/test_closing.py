"""Nobody is said to have closed what the archive does not say that they closed."""

import pytest

from tests.exchange.exports import closed, issue
from webapp.db import db


def closer(api, ada):
    events = api(ada).get("/projects/WALL/issues/1/events")["items"]
    return [event["actor"]["name"] for event in events if event["kind"] in ("closed", "reopened")]


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ({}, "Somebody"),
        ({"closed_by": None}, "Somebody"),
        ({"closed_by": {"login": "mona"}}, "mona"),
        ({"merged_by": {"login": "mona"}}, "mona"),
        ({"mergedBy": "mona", "state": "MERGED"}, "mona"),
        ({"closed_by": {"login": "ghost"}}, "ghost"),
    ],
)
def test_the_archive_says_who_closed_or_nobody_does(api, browser, ada, bring, said, by):
    bring([issue(1, **(closed() | said))])
    assert closer(api, ada) == [by]
    assert browser(ada).get("/projects/WALL/issues/1").says(f"{by} closed this")


def test_a_later_turn_is_nobodys_either(api, ada, bring):
    bring([issue(1)])
    bring([issue(1, **closed())])
    bring([issue(1, updated_at="2021-01-01T00:00:00Z")])
    assert closer(api, ada) == ["Somebody", "Somebody"]


def test_somebody_has_no_handle_and_is_not_counted(app, bring):
    assert "1 people" in bring([issue(1, body="By @somebody", **closed())])
    with app.app_context():
        assert db.session.scalar(db.text("SELECT handle FROM users WHERE name = 'Somebody'")) is None
