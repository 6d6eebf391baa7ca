"""What stands beside an issue in a list."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from webapp.issues.rows import IssueRow
from webapp.lists import queries
from webapp.lists.conditions import Condition
from webapp.models.issues import Issue
from webapp.paging import Place
from webapp.reading import read


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The numbers of the issues before and after one in a list, and how many stand before it, up to a limit."""

    before: int | None
    after: int | None
    preceding: int
    is_there: bool


def neighbours(where: Condition, order: queries.Order, falling: bool, row: IssueRow, limit: int) -> Neighbours:
    """What is beside an issue in a list, or would be if it is not there."""
    group = tuple(read(select(*order.group).where(Issue.id == row.id)).one()) if order.group else ()
    before, after = (
        select(Issue.number)
        .where(where, *queries.beyond(order.columns, falling, at, order.group))
        .order_by(*queries.in_order(order.columns, falling, at, order.group))
        .limit(limit)
        for at in (Place((*group, *order.key(row)), backwards=True), Place((*group, *order.key(row))))
    )
    sides = (
        before.limit(1).scalar_subquery(),
        after.limit(1).scalar_subquery(),
        select(func.count()).select_from(before.subquery()).scalar_subquery(),
        exists().where(where, Issue.id == row.id),
    )
    return Neighbours(*read(select(*sides)).one())
