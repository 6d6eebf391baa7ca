"""The ways to narrow an inbox, as links with how much each would show."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from webapp.i18n import N_, _
from webapp.inbox.asking import Asked
from webapp.inbox.rows import Count
from webapp.inbox.saying import REASONS


@dataclass(frozen=True, slots=True)
class Way:
    """A filter: what it is called, where it leads, how much it shows if that is known, whether it is chosen."""

    name: str
    at: str
    number: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """By state, by reason and by project. A chosen one leads back to the list without it."""

    states: Sequence[Way]
    reasons: Sequence[Way]
    projects: Sequence[Way]


_STATES: Sequence[tuple[str, str, Callable[[Count], bool] | None]] = (
    ("", N_("Inbox"), lambda one: not one.snoozed),
    ("unread", N_("Unread"), lambda one: one.unread and not one.snoozed),
    ("snoozed", N_("Snoozed"), lambda one: one.snoozed),
    ("done", N_("Done"), None),
)


def of(asked: Asked, counts: Sequence[Count]) -> Filters:
    """The filters of a list. Numbers are those of all that is not done, whatever else is chosen."""
    now = [one for one in counts if not one.snoozed]
    projects = {one.project_key: one.project_name for one in now}
    return Filters(_states(asked, counts), _reasons(asked, now), _projects(asked, now, projects))


def _states(asked: Asked, counts: Sequence[Count]) -> list[Way]:
    chosen = asked.chosen("is").lower()
    return [
        Way(_(name), _at(asked.having("is", value)), _sum(counts, fits) if fits else None, chosen == value)
        for value, name, fits in _STATES
    ]


def _reasons(asked: Asked, now: Sequence[Count]) -> list[Way]:
    chosen = asked.chosen("reason").lower()
    there = {one.reason for one in now} | {chosen}
    return [
        _toggle(asked, "reason", value, _(name), chosen == value, _sum(now, _by_reason(value)))
        for value, name in REASONS.items()
        if value in there
    ]


def _projects(asked: Asked, now: Sequence[Count], names: Mapping[str, str]) -> list[Way]:
    chosen = asked.chosen("project").upper()
    return [
        _toggle(asked, "project", key, name, chosen == key, _sum(now, _by_project(key)))
        for key, name in names.items()
    ]


def _toggle(asked: Asked, name: str, value: str, called: str, is_chosen: bool, number: int) -> Way:
    return Way(called, _at(asked.having(name, "" if is_chosen else value)), number, is_chosen)


def _by_reason(value: str) -> Callable[[Count], bool]:
    return lambda one: one.reason == value


def _by_project(key: str) -> Callable[[Count], bool]:
    return lambda one: one.project_key == key


def _sum(counts: Iterable[Count], fits: Callable[[Count], bool]) -> int:
    return sum(one.number for one in counts if fits(one))


def _at(text: str) -> str:
    return url_for("inbox.index", q=text or None)
