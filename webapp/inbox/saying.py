"""What pages say of rows of an inbox, and where these lead."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from webapp.http.times import moment
from webapp.i18n import N_, _, ngettext, nN_
from webapp.i18n.formats import listed
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
# What a row is now, what many are, and what is said where several were sent, by what was sent.
_Words = tuple[str, tuple[str, str], str]
_DONE: Mapping[tuple[str, Any], _Words] = {
    ("done", True): (N_("%(key)s is done."), nN_("%(num)s issue is done.", "%(num)s issues are done."), N_("done")),
    ("done", False): (
        N_("%(key)s is back in the inbox."),
        nN_("%(num)s issue is back in the inbox.", "%(num)s issues are back in the inbox."),
        N_("back in the inbox"),
    ),
    ("unread", True): (
        N_("%(key)s is unread again."),
        nN_("%(num)s issue is unread again.", "%(num)s issues are unread again."),
        N_("unread again"),
    ),
    ("unread", False): (
        N_("%(key)s is read."),
        nN_("%(num)s issue is read.", "%(num)s issues are read."),
        N_("read"),
    ),
    ("muted", True): (
        N_("%(key)s is muted and done."),
        nN_("%(num)s issue is muted and done.", "%(num)s issues are muted and done."),
        N_("muted and done"),
    ),
    ("muted", False): (
        N_("%(key)s is heard of again."),
        nN_("%(num)s issue is heard of again.", "%(num)s issues are heard of again."),
        N_("heard of again"),
    ),
    ("snoozed_until", None): (
        N_("%(key)s is awake."), nN_("%(num)s issue is awake.", "%(num)s issues are awake."), N_("awake")
    ),
}  # fmt: skip
_ASLEEP: _Words = (
    N_("%(key)s is asleep for a while."),
    nN_("%(num)s issue is asleep for a while.", "%(num)s issues are asleep for a while."),
    N_("asleep for a while"),
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
    became = _became(sent)
    if len(became) == 1:
        return _(became[0][0], key=row.issue.key)
    return _("%(key)s is %(states)s.", key=row.issue.key, states=_states(became))


def of_many(number: int, sent: Mapping[str, Any]) -> str:
    """What was done with many."""
    if not number:
        return _("Nothing was left to change.")
    became = _became(sent)
    if len(became) == 1:
        return ngettext(*became[0][1], number)
    return ngettext("%(num)s issue is %(states)s.", "%(num)s issues are %(states)s.", number, states=_states(became))


def as_before(number: int) -> str:
    """What was undone."""
    return ngettext("It is as before.", "%(num)s are as before.", number)


def _became(sent: Mapping[str, Any]) -> list[_Words]:
    return [_DONE.get((name, value), _ASLEEP) for name, value in sent.items()]


def _states(became: list[_Words]) -> str:
    return listed([_(words) for *_rest, words in became])
