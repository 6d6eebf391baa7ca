"""A list that is divided: what stands together, in which order, and what that is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, SmallInteger, Text, case, cast, func, select, true, type_coerce
from sqlalchemy.orm import aliased

from webapp.i18n import _, pgettext
from webapp.issues.rows import IssueRow
from webapp.models.accounts import User
from webapp.models.issues import Issue
from webapp.models.milestones import Milestone
from webapp.models.statuses import Category, Status
from webapp.paging import Cut, Key

# The columns that a group is known by: where it stands, what it is called for that, and which of these it is.
TYPES: tuple[type, ...] = (int, str, int)


class Place(NamedTuple):
    """Where a row stands in a divided list: its group's key, and how many there are of that, if they were counted."""

    key: Key
    number: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Those of a page that stand together, and how many the whole list has of them; None beyond what is counted.

    One that is `continued` began on the page before.
    """

    name: str
    number: int | None
    continued: bool
    items: Sequence[IssueRow]


@dataclass(slots=True)
class Divided(Cut[IssueRow]):
    """A page of a list in groups."""

    groups: Sequence[Group] = ()


class Sorting(NamedTuple):
    """The columns that a list is sorted by before all else, and what they are of: tables, each with how it is joined
    to the issues. A long list is sorted by no column that is looked up for each issue.
    """

    columns: tuple[Any, ...]
    joins: tuple[tuple[Any, Any], ...] = ()


def sorting(by: str, *, everywhere: bool) -> Sorting:
    """How a list is sorted that is divided by this. What has none of it comes last."""
    return _SORTINGS[by](everywhere)


def divided(page: Cut[IssueRow], by: str, places: Mapping[int, Place], before: Key | None) -> Divided:
    """A page in groups; `before` is the key of the group in which the page before it ended."""
    groups: list[Group] = []
    for _key, together in groupby(page.items, lambda row: places[row.id].key):
        rows = list(together)
        key, number = places[rows[0].id]
        groups.append(Group(_NAMES[by](rows[0]), number, not groups and key == before, rows))
    return Divided(page.items, page.total, page.after, page.before, groups=groups)


def _by_status(everywhere: bool) -> Sorting:
    """As a project's board has them. Those of several projects stand together by name, as far on as that is."""
    status = aliased(Status)
    joins = ((status, status.id == Issue.status_id),)
    if not everywhere:
        return Sorting((cast(status.position, Integer), _no_name(), cast(Issue.status_id, BigInteger)), joins)
    kind = case({one.value: at for at, one in enumerate(Category)}, value=status.category)
    return Sorting((cast(kind, Integer), status.name, _no_id()), joins)


def _by_priority(_everywhere: bool) -> Sorting:
    return Sorting((cast(-type_coerce(Issue.priority, SmallInteger), Integer), _no_name(), _no_id()))


def _by_milestone(_everywhere: bool) -> Sorting:
    milestone = aliased(Milestone)
    name, id = func.coalesce(milestone.sort_key, ""), func.coalesce(Issue.milestone_id, 0)
    is_none = cast(Issue.milestone_id.is_(None), Integer)
    return Sorting((is_none, name, id), ((milestone, milestone.id == Issue.milestone_id),))


def _by_assignee(_everywhere: bool) -> Sorting:
    """Under the first of those who have it, in the order in which an issue tells them.

    Most issues have one or nobody: these need no more than a join, and only those of several are looked at singly.
    """
    number, one = func.cardinality(Issue.assignee_ids), aliased(User)
    first = (
        select(User.sort_key, User.id)
        .where(number > 1, User.id == func.any(Issue.assignee_ids))
        .order_by(User.sort_key, User.id)
        .limit(1)
        .correlate(Issue)
        .lateral()
    )
    name, id = func.coalesce(one.sort_key, first.c.sort_key, ""), func.coalesce(one.id, first.c.id, 0)
    alone = (number == 1) & (one.id == Issue.assignee_ids[1])
    return Sorting((cast(number == 0, Integer), name, id), ((one, alone), (first, true())))


# Cast, as nothing is sorted by a bare constant.
def _no_name() -> Any:
    return cast("", Text)


def _no_id() -> Any:
    return cast(0, BigInteger)


def _called(priority: str) -> str:
    return {
        "urgent": pgettext("priority", "Urgent"),
        "high": pgettext("priority", "High"),
        "medium": pgettext("priority", "Medium"),
        "low": pgettext("priority", "Low"),
        "none": _("No priority"),
    }[priority]


_SORTINGS: Mapping[str, Callable[[bool], Sorting]] = {
    "status": _by_status,
    "assignee": _by_assignee,
    "milestone": _by_milestone,
    "priority": _by_priority,
}
_NAMES: Mapping[str, Callable[[IssueRow], str]] = {
    "status": lambda row: row.status,
    "assignee": lambda row: row.assignees[0].name if row.assignees else _("Nobody"),
    "milestone": lambda row: row.milestone.title if row.milestone else _("No milestone"),
    "priority": lambda row: _called(row.priority),
}
