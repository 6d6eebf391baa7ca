"""What pages say of rows of an inbox, and where these lead."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from webapp.http.times import moment
from webapp.i18n import N_, _, ngettext, nN_
from webapp.inbox.rows import InboxRow

REASONS = {
    "assigned": N_("You are assigned"),
    "mentioned": N_("You were mentioned"),
    "author": N_("You opened it"),
    "commented": N_("You took part"),
    "query": N_("A query that you watch finds it"),
    "new_issue": N_("New in a project that you watch"),
    "watching": N_("You watch it"),
}
# What a row is now, and what many are, by what was sent.
_Words = tuple[str, tuple[str, str]]
_DONE: Mapping[tuple[str, Any], _Words] = {
    ("done", True): (N_("%(key)s is done."), nN_("%(num)s issue is done.", "%(num)s issues are done.")),
    ("done", False): (
        N_("%(key)s is back in the inbox."),
        nN_("%(num)s issue is back in the inbox.", "%(num)s issues are back in the inbox."),
    ),
    ("unread", True): (
        N_("%(key)s is unread again."),
        nN_("%(num)s issue is unread again.", "%(num)s issues are unread again."),
    ),
    ("unread", False): (
        N_("%(key)s is read."),
        nN_("%(num)s issue is read.", "%(num)s issues are read."),
    ),
    ("muted", True): (
        N_("%(key)s is muted and done."),
        nN_("%(num)s issue is muted and done.", "%(num)s issues are muted and done."),
    ),
    ("muted", False): (
        N_("%(key)s is heard of again."),
        nN_("%(num)s issue is heard of again.", "%(num)s issues are heard of again."),
    ),
    ("snoozed_until", None): (
        N_("%(key)s is awake."), nN_("%(num)s issue is awake.", "%(num)s issues are awake.")
    ),
}  # fmt: skip
_ASLEEP: _Words = (
    N_("%(key)s is asleep for a while."),
    nN_("%(num)s issue is asleep for a while.", "%(num)s issues are asleep for a while."),
)


def address(row: InboxRow) -> str:
    """The page of the issue, at the first thing on it that was not read."""
    at: dict[str, Any] = {"project": row.issue.project_key, "number": row.issue.number}
    if row.first_unread is None:
        return url_for("issues.show", **at)
    return url_for("issues.show", **at, since=row.first_unread, _anchor="new")


def of_one(row: InboxRow, sent: Mapping[str, Any]) -> str:
    """What was done with a row."""
    if row.snoozed_until is not None and sent.get("snoozed_until"):
        return _("%(key)s comes back on %(moment)s.", key=row.issue.key, moment=moment(row.snoozed_until))
    return " ".join(_(one, key=row.issue.key) for one, _many in _became(sent))


def of_many(number: int, sent: Mapping[str, Any]) -> str:
    """What was done with many."""
    if not number:
        return _("Nothing was left to change.")
    return " ".join(ngettext(*many, number) for _one, many in _became(sent))


def as_before(number: int) -> str:
    """What was undone."""
    return ngettext("It is as before.", "%(num)s are as before.", number)


def _became(sent: Mapping[str, Any]) -> list[_Words]:
    return [_DONE.get((name, value), _ASLEEP) for name, value in sent.items()]
