"""The columns of a board: which cards each has, as statements ask for them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    not_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from webapp.db import AnySelect
from webapp.models.issues import Issue, IssueAssignee, IssueLabel, Priority, State

_Assigned, _Tied = aliased(IssueAssignee), aliased(IssueLabel)


class Cards(NamedTuple):
    """Which cards a column has, and by what they are ordered there: what an index can be read by.

    `has` says it of a row of issues. `tied` are the links that tell what is in it, where no index has the issues
    themselves so; `alone` says the same of them without the issues. Columns that differ only in a `value` have a
    `way` from that to this: so one statement of a fixed length reads them all.
    """

    has: Callable[[Any], Any]
    place: Any = Issue.position
    tied: Any = None
    alone: Any = None
    value: int | None = None
    way: "Callable[[Any], Cards] | None" = None

    @property
    def where(self) -> Any:
        return self.has(Issue) if self.tied is None else self.alone


def in_status(status_id: Any) -> Cards:
    """The issues of a status, whose id may be a column."""
    return Cards(lambda row: row.status_id == status_id, value=status_id, way=in_status)


def in_priority(priority: Priority) -> Cards:
    """The open issues that are so pressing."""
    return Cards(lambda row: _open(row, row.priority == priority))


def in_milestone(milestone_id: int | None) -> Cards:
    """The open issues of a milestone, or of none."""
    if milestone_id is None:
        return Cards(lambda row: _open(row, row.milestone_id.is_(None)))
    return Cards(lambda row: _open(row, row.milestone_id == milestone_id), value=milestone_id, way=in_milestone)


def assigned_to(project_id: int, user_id: int | None) -> Cards:
    """The open issues of somebody, or of nobody."""
    if user_id is None:
        return Cards(lambda row: _open(row, row.assignee_ids == literal([], ARRAY(BigInteger))))
    theirs = and_(_Assigned.user_id == user_id, _Assigned.project_id == project_id, _Assigned.place.is_not(None))
    return Cards(
        lambda row: _open(row, user_id == any_(row.assignee_ids)), _Assigned.place, _Assigned, theirs, user_id,
        partial(assigned_to, project_id),
    )  # fmt: skip


def labelled(scope: Sequence[int], label_id: int | None) -> Cards:
    """The open issues with a label, or with none of its scope."""
    if label_id is None:
        own = literal(list(scope), ARRAY(BigInteger))
        return Cards(lambda row: _open(row, not_(row.label_ids.bool_op("&&")(own))))
    carrying = and_(_Tied.label_id == label_id, _Tied.place.is_not(None))
    return Cards(
        lambda row: _open(row, label_id == any_(row.label_ids)), _Tied.place, _Tied, carrying, label_id,
        partial(labelled, scope),
    )  # fmt: skip


def _open(row: Any, condition: Any) -> Any:
    return and_(row.state == State.OPEN, condition)


class Alike(NamedTuple):
    """Columns that differ only in a value: the values as rows, and the cards for each."""

    asked: Any
    cards: Cards

    def firsts(self, first: AnySelect) -> AnySelect:
        """The first cards of each of them."""
        each = first.lateral("each")
        return select(cast(self.asked.c.value, Text), each).select_from(self.asked.join(each, true()))

    def counts(self, counted: AnySelect) -> AnySelect:
        """How many cards each of them has: each by itself, as all together would be sorted first."""
        each = counted.correlate(self.asked).subquery("each")
        number = select(func.count()).select_from(each).scalar_subquery()
        return select(cast(self.asked.c.value, Text), number).select_from(self.asked)


def alike_by(values: Any, way: Callable[[Any], Cards]) -> Alike:
    """Those with each of some values, which need not be known yet."""
    asked = func.unnest(values).table_valued(column("value", BigInteger), name="asked").render_derived()
    return Alike(asked, way(asked.c.value))


def ways_of(columns: Mapping[str, Cards]) -> tuple[Alike | None, dict[str, Cards]]:
    """Columns as those that are alike, and the others by their keys."""
    alike = [one for one in columns.values() if one.way is not None]
    others = {key: one for key, one in columns.items() if one.way is None}
    if not alike or alike[0].way is None:
        return None, others
    values = bindparam("values", [one.value for one in alike], type_=ARRAY(BigInteger))
    return alike_by(values, alike[0].way), others


def keys_of(columns: Mapping[str, Cards]) -> dict[str, str]:
    """The keys of columns by what they are called in a statement: the value, or the key itself."""
    return {key if one.way is None else str(one.value): key for key, one in columns.items()}
