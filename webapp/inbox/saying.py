"""What pages say of rows of an inbox, and where these lead."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from webapp.http.times import moment
from webapp.inbox.rows import InboxRow

REASONS = {
    "assigned": "You are assigned",
    "mentioned": "You were mentioned",
    "author": "You opened it",
    "commented": "You took part",
    "query": "A query that you watch finds it",
    "new_issue": "New in a project that you watch",
    "watching": "You watch it",
}
# What many rows are now, by what was sent of them.
_DONE: Mapping[tuple[str, Any], str] = {
    ("done", True): "done",
    ("done", False): "back in the inbox",
    ("unread", True): "unread again",
    ("unread", False): "read",
    ("muted", True): "muted and done",
    ("muted", False): "heard of again",
    ("snoozed_until", None): "awake",
}


def address(row: InboxRow) -> str:
    """The page of the issue, at the first thing on it that was not read."""
    at: dict[str, Any] = {"project": row.issue.project_key, "number": row.issue.number}
    if row.first_unread is None:
        return url_for("issues.show", **at)
    return url_for("issues.show", **at, since=row.first_unread, _anchor="new")


def of_one(row: InboxRow, sent: Mapping[str, Any]) -> str:
    """What was done with a row."""
    if row.snoozed_until is not None and sent.get("snoozed_until"):
        return f"{row.issue.key} comes back on {moment(row.snoozed_until)}."
    return f"{row.issue.key} is {_became(sent)}."


def of_many(number: int, sent: Mapping[str, Any]) -> str:
    """What was done with many."""
    if not number:
        return "Nothing was left to change."
    return f"{number:,} {'issue is' if number == 1 else 'issues are'} {_became(sent)}."


def as_before(number: int) -> str:
    """What was undone."""
    return "It is as before." if number == 1 else f"{number:,} are as before."


def _became(sent: Mapping[str, Any]) -> str:
    said = [_DONE.get((name, value), "asleep for a while") for name, value in sent.items()]
    return " and ".join(said)
