"""What people are told comes into their inbox: one row for a person and an issue."""

import pytest

from webapp.db import db, transacting
from webapp.inbox import service as inbox
from webapp.inbox.service import Told
from webapp.models.inbox import Reason


@pytest.fixture
def put(app, make, ada):
    """Tells Ada something of an issue; gives the row as it is then."""
    issue = make.issue(make.project(ada, key="WALL"), ada)

    def put(reason, first, last):
        with app.app_context(), transacting():
            inbox.put([Told(ada.id, issue.id, Reason(reason), first, last)])
        return row()

    def row(change=""):
        with app.app_context(), transacting():
            if change:
                db.session.execute(db.text(f"UPDATE inbox_items SET {change}"))
            columns = "reason, first_unread_id, last_event_id, done_at IS NOT NULL AS done, snoozed_until IS NOT NULL"
            return tuple(db.session.execute(db.text(f"SELECT {columns} FROM inbox_items")).one())

    put.row = row  # type: ignore[attr-defined]
    return put


def test_what_is_told_later_goes_on_from_where_it_was_last_read(put):
    assert put("watching", 5, 7) == ("watching", 5, 7, False, False)
    assert put("watching", 9, 9) == ("watching", 5, 9, False, False)
    put.row("first_unread_id = NULL")
    assert put("watching", 12, 13) == ("watching", 12, 13, False, False)


def test_the_strongest_reason_stays(put):
    assert [put(reason, at, at)[0] for at, reason in enumerate(("watching", "assigned", "mentioned"), 1)] == [
        "watching", "assigned", "assigned",
    ]  # fmt: skip


def test_what_happens_later_takes_it_back_from_what_is_done_and_lets_it_sleep(put):
    put("watching", 5, 5)
    put.row("done_at = now(), snoozed_until = now(), first_unread_id = NULL")
    assert put("watching", 6, 6) == ("watching", 6, 6, False, True)


def test_what_was_told_already_changes_nothing(put):
    put("watching", 5, 7)
    before = put.row("done_at = now(), first_unread_id = NULL")
    assert put("assigned", 5, 7) == put("assigned", 6, 6) == before


def test_what_is_told_late_is_not_lost(put):
    """A job that failed is done after those that followed it."""
    put("watching", 5, 7)
    assert put("mentioned", 3, 3) == ("mentioned", 3, 7, False, False)
    read = put.row("first_unread_id = NULL")
    assert put("assigned", 2, 2) == read  # its page had that, too


def test_any_number_is_one_statement(app, make, ada, statements):
    project = make.project(ada, key="WALL")
    issues = [make.issue(project, ada) for _ in range(3)]
    people = [make.member(project, "member") for _ in range(2)]
    statements.clear()
    with app.app_context(), transacting():
        inbox.put([Told(person.id, issue.id, Reason.AUTHOR, 1, 2) for issue in issues for person in people])
        inbox.put([])
    assert len([one for one in statements if "inbox_items" in one]) == 1
