"""A list that is divided: what stands together, in which order, and what that is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, SmallInteger, Text, case, cast, func, select, type_coerce

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


def columns(by: str, *, everywhere: bool) -> tuple[Any, ...]:
    """What a list is sorted by before all else. What has none of it comes last."""
    return _COLUMNS[by](everywhere)


def divided(page: Cut[IssueRow], by: str, places: Mapping[int, Place], before: Key | None) -> Divided:
    """A page in groups; `before` is the key of the group in which the page before it ended."""
    groups: list[Group] = []
    for _key, together in groupby(page.items, lambda row: places[row.id].key):
        rows = list(together)
        key, number = places[rows[0].id]
        groups.append(Group(_NAMES[by](rows[0]), number, not groups and key == before, rows))
    return Divided(page.items, page.total, page.after, page.before, groups=groups)


def _by_status(everywhere: bool) -> tuple[Any, ...]:
    """As a project's board has them. Those of several projects stand together by name, as far on as that is."""
    here = Status.id == Issue.status_id
    if not everywhere:
        position = select(cast(Status.position, Integer)).where(here).scalar_subquery()
        return position, _no_name(), cast(Issue.status_id, BigInteger)
    kind = case({one.value: at for at, one in enumerate(Category)}, value=Status.category)
    return (
        select(cast(kind, Integer)).where(here).scalar_subquery(),
        select(Status.name).where(here).scalar_subquery(),
        _no_id(),
    )


def _by_priority(_everywhere: bool) -> tuple[Any, ...]:
    return cast(-type_coerce(Issue.priority, SmallInteger), Integer), _no_name(), _no_id()


def _by_milestone(_everywhere: bool) -> tuple[Any, ...]:
    name = select(Milestone.sort_key).where(Milestone.id == Issue.milestone_id).scalar_subquery()
    return cast(Issue.milestone_id.is_(None), Integer), func.coalesce(name, ""), func.coalesce(Issue.milestone_id, 0)


def _by_assignee(_everywhere: bool) -> tuple[Any, ...]:
    """Under the first of those who have it, in the order in which an issue tells them."""
    first = (
        select(User.sort_key, User.id)
        .where(User.id == func.any(Issue.assignee_ids))
        .order_by(User.sort_key, User.id)
        .limit(1)
    )
    name, id = (first.with_only_columns(column).scalar_subquery() for column in (User.sort_key, User.id))
    return cast(func.cardinality(Issue.assignee_ids) == 0, Integer), func.coalesce(name, ""), func.coalesce(id, 0)


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


_COLUMNS: Mapping[str, Callable[[bool], tuple[Any, ...]]] = {
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
