"""What lists are sorted by."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal

from webapp.db import AnySelect
from webapp.issues.rows import IssueRow
from webapp.lists import grouping
from webapp.models.issues import Issue, Priority
from webapp.paging import Key

# What has no due date comes last, whichever way it goes.
NEVER, LONG_AGO = date.max, date.min


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: the columns, the types of their values, and a row's own.

    A list that is divided is sorted by `group` before all else, which always rises, and which needs `joins`.
    """

    columns: tuple[Any, ...]
    types: tuple[type, ...]
    attributes: tuple[str, ...]
    missing: Any = None
    group: tuple[Any, ...] = ()
    joins: tuple[tuple[Any, Any], ...] = ()

    def joined(self, statement: AnySelect) -> AnySelect:
        """A statement of issues with what their groups are known by."""
        for table, on in self.joins:
            statement = statement.outerjoin_from(Issue, table, on)
        return statement

    def key(self, row: IssueRow) -> Key:
        """A row's place in the order."""
        values = (getattr(row, name) for name in self.attributes)
        return tuple(self.missing if value is None else value for value in values)


def _due(missing: date) -> Order:
    return Order((func.coalesce(Issue.due_on, literal(missing)), Issue.id), (date, int), ("due_on", "id"), missing)


_ORDERS = {
    "created": Order((Issue.created_at, Issue.id), (datetime, int), ("created_at", "id")),
    "updated": Order((Issue.updated_at, Issue.id), (datetime, int), ("updated_at", "id")),
    "priority": Order((Issue.priority, Issue.id), (Priority, int), ("priority", "id")),
    "comments": Order((Issue.comment_count, Issue.id), (int, int), ("comment_count", "id")),
    "reactions": Order((Issue.reaction_count, Issue.id), (int, int), ("reaction_count", "id")),
    "due-asc": _due(NEVER),
    "due-desc": _due(LONG_AGO),
}
# In which an index has the issues of a project. All other lists are better gathered by what has a label, and sorted.
WALKED = frozenset(
    {"due-asc"}
    | {f"{by}-{way}" for by in ("created", "updated", "priority", "comments", "reactions") for way in ("asc", "desc")}
)
# In which the ties of a label are as well.
BY_MAKING = frozenset({"created-asc", "created-desc"})


def order(sort: str, group: str = "", *, everywhere: bool = False) -> Order:
    """The order that `created-desc` and the like stand for, in groups if there are any. Numbers and ids do not tell
    what came first: an import and a move give those late.
    """
    by = sort.partition("-")[0]
    within = _ORDERS[sort if by == "due" else by]
    if not group:
        return within
    columns, joins = grouping.sorting(group, everywhere=everywhere)
    return replace(within, group=columns, joins=joins)
