"""What stands beside an issue in a list."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select

from webapp.db import AnySelect
from webapp.issues.rows import IssueRow
from webapp.lists import orders, queries
from webapp.lists.conditions import Condition
from webapp.models.issues import Issue
from webapp.paging import Key, Place
from webapp.reading import read


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The numbers of the issues before and after one in a list, and how many stand before it, up to a limit."""

    before: int | None
    after: int | None
    preceding: int
    is_there: bool


def neighbours(where: Condition, order: orders.Order, falling: bool, row: IssueRow, limit: int) -> Neighbours:
    """What is beside an issue in a list, or would be if it is not there."""
    before, after = (
        select(Issue.number)
        .where(where, *queries.beyond(order.columns, falling, at))
        .order_by(*queries.in_order(order.columns, falling, at))
        .limit(limit)
        for at in _sides(order.key(row))
    )
    return Neighbours(*read(select(*_told(before, after), exists().where(where, Issue.id == row.id))).one())


def neighbours_in_groups(
    where: Condition, order: orders.Order, falling: bool, row: IssueRow, limit: int
) -> Neighbours | None:
    """The same in a list that is divided; None if it is longer than the limit.

    No index has such an order. So its issues are gathered once, no more of them than are counted.
    """
    own = read(order.joined(select(*order.group)).where(Issue.id == row.id)).one()
    gathered, keys, groups = queries.gather(where, order, limit + 1)
    columns, group = ([gathered.c[one.name] for one in labels] for labels in (keys, groups))
    before, after = (
        select(gathered.c.number)
        .where(*queries.beyond(columns, falling, at, group))
        .order_by(*queries.in_order(columns, falling, at, group))
        for at in _sides((*own, *order.key(row)))
    )
    is_there = exists().where(gathered.c.found == row.id)
    total = select(func.count()).select_from(gathered).scalar_subquery()
    *told, number = read(select(*_told(before, after), is_there, total)).one()
    return Neighbours(*told) if number <= limit else None


def _sides(key: Key) -> tuple[Place, Place]:
    return Place(key, backwards=True), Place(key)


def _told(before: AnySelect, after: AnySelect) -> tuple[Any, ...]:
    """Who is next on each side, and how many stand before."""
    return (
        before.limit(1).scalar_subquery(),
        after.limit(1).scalar_subquery(),
        select(func.count()).select_from(before.subquery()).scalar_subquery(),
    )
