from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    not_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from webapp.db import AnySelect, db
from webapp.issues.rows import IssueRow
from webapp.lists import queries
from webapp.lists.listed import TOLD, beside_parent
from webapp.models.issues import Issue, IssueAssignee, IssueLabel, Priority, State
from webapp.projects.rows import ProjectRow
from webapp.reading import Built, read

Card = tuple[str, IssueRow, str]
_Assigned, _Tied = aliased(IssueAssignee), aliased(IssueLabel)
_IS_OPEN = Issue.state == State.OPEN


class Cards(NamedTuple):
    """Which cards a column has, and by what they are ordered there: what an index can be read by.

    `tied` are the links that tell what is in it, if the issues themselves do not; `alone` says the same of them
    without the issues, where no filter asks for those. Columns that differ only in a `value` have a `way` from that
    to this: so one statement of a fixed length reads them all.
    """

    where: Any
    place: Any = Issue.position
    tied: Any = None
    alone: Any = None
    value: int | None = None
    way: "Callable[[Any], Cards] | None" = None


def in_status(status_id: Any) -> Cards:
    """The issues of a status, whose id may be a column."""
    return _in_known_status(status_id) if isinstance(status_id, int) else _in_status(status_id)


def _in_status(status_id: Any) -> Cards:
    return Cards(Issue.status_id == status_id, value=status_id, way=in_status)


# Remembered, as it is asked for with each board.
_in_known_status = lru_cache(maxsize=2_000)(_in_status)


def in_priority(priority: Priority) -> Cards:
    """The open issues that are so pressing."""
    return Cards(and_(_IS_OPEN, Issue.priority == priority))


def in_milestone(milestone_id: int | None) -> Cards:
    """The open issues of a milestone, or of none."""
    if milestone_id is None:
        return Cards(and_(_IS_OPEN, Issue.milestone_id.is_(None)))
    return Cards(and_(_IS_OPEN, Issue.milestone_id == milestone_id), value=milestone_id, way=in_milestone)


def assigned_to(project_id: int, user_id: int | None) -> Cards:
    """The open issues of somebody, or of nobody."""
    if user_id is None:
        return Cards(and_(_IS_OPEN, Issue.assignee_ids == literal([], ARRAY(BigInteger))))
    theirs = and_(_Assigned.user_id == user_id, _Assigned.project_id == project_id, _Assigned.place.is_not(None))
    return Cards(theirs, _Assigned.place, _Assigned, theirs, user_id, partial(assigned_to, project_id))


def labelled(scope: Sequence[int], label_id: int | None) -> Cards:
    """The open issues with a label, or with none of its scope."""
    if label_id is None:
        return Cards(and_(_IS_OPEN, not_(Issue.label_ids.bool_op("&&")(literal(list(scope), ARRAY(BigInteger))))))
    carrying = and_(_Tied.label_id == label_id, _Tied.place.is_not(None))
    return Cards(carrying, _Tied.place, _Tied, carrying, label_id, partial(labelled, scope))


def cards(
    project: ProjectRow, columns: Mapping[str, Cards], where: Any | None, limit: int, after: str | None
) -> list[Card]:
    """The first cards of each column behind a place, each with its column and its place, in the order of places:
    all, or those found. One statement for all columns.
    """
    found_at = _whole(_BY_STATUS, project.id, columns, where, limit) if after is None else None
    if found_at is None:
        alike, others = _ways(columns)
        ways = [
            select(literal(key).label("key"), _first(project.id, one, where, limit, after).subquery())
            for key, one in others.items()
        ]
        if alike is not None:
            ways.append(_firsts(alike, _first(project.id, alike.cards, where, limit, after)))
        found_at = read(union_all(*ways)).all() if ways else []
    firsts = sorted(found_at, key=itemgetter(2))
    issues = queries.told(project, [text for _, text, _ in firsts]) if firsts else []
    keys = _keys(columns)
    each = zip(firsts, issues, strict=True)
    return [(keys[key], issue, place) for (key, _, place), issue in each if issue is not None]


def counts(project_id: int, columns: Mapping[str, Cards], where: Any | None, limit: int) -> dict[str, int]:
    """How many cards each column has, counted up to the limit: all, or those found. One statement."""
    if not columns:
        return {}
    counted = _whole(_COUNTS_BY_STATUS, project_id, columns, where, limit)
    if counted is None:
        alike, others = _ways(columns)
        ways: list[AnySelect] = []
        for key, one in others.items():
            some = _counted(project_id, one, where).limit(limit).subquery()
            ways.append(select(literal(key), select(func.count()).select_from(some).scalar_subquery()))
        if alike is not None:
            ways.append(_counts(alike, _counted(project_id, alike.cards, where).limit(limit)))
        counted = read(union_all(*ways)).all() if ways else []
    keys = _keys(columns)
    return {keys[key]: number for key, number in counted}


def _first(project_id: Any, column: Cards, where: Any | None, limit: Any, after: str | None) -> AnySelect:
    if where is None and column.alone is not None:
        ties = select(column.tied.issue_id, column.place.label("place")).where(column.alone)
        found = _in_order(ties, column, limit, after).correlate_except(column.tied).subquery("ties")
        return beside_parent(select(TOLD, found.c.place)).join(found, found.c.issue_id == Issue.id)
    here = _of(project_id, column, beside_parent(select(TOLD, column.place.label("place"))))
    return _in_order(here if where is None else here.where(where), column, limit, after)


def _in_order(here: AnySelect, column: Cards, limit: Any, after: str | None) -> AnySelect:
    here = here.where(column.place > after) if after is not None else here
    return here.order_by(column.place).limit(limit)


def _counted(project_id: Any, column: Cards, where: Any | None) -> AnySelect:
    if where is None and column.alone is not None:
        return select(literal(1).label("one")).where(column.alone)
    # Nothing of the issue: where no filter asks for it either, the index of the board is enough.
    found = _of(project_id, column, select(literal(1).label("one")))
    # In their order, as the cards are read: otherwise all that a filter finds would be gathered first.
    return (found if where is None else found.where(where)).order_by(column.place)


class Alike(NamedTuple):
    """Columns that differ only in a value: the values as rows, and the cards for each."""

    asked: Any
    cards: Cards


def _ways(columns: Mapping[str, Cards]) -> tuple[Alike | None, dict[str, Cards]]:
    """Columns as those that are alike, and the others by their keys."""
    alike = [one for one in columns.values() if one.way is not None]
    others = {key: one for key, one in columns.items() if one.way is None}
    if not alike or alike[0].way is None:
        return None, others
    values = bindparam("values", [one.value for one in alike], type_=ARRAY(BigInteger))
    return _alike(values, alike[0].way), others


def _alike(values: Any, way: Callable[[Any], Cards]) -> Alike:
    asked = func.unnest(values).table_valued(column("value", BigInteger), name="asked").render_derived()
    return Alike(asked, way(asked.c.value))


def _firsts(alike: Alike, first: AnySelect) -> AnySelect:
    """The first cards of each of them."""
    each = first.lateral("each")
    return select(cast(alike.asked.c.value, Text), each).select_from(alike.asked.join(each, true()))


def _counts(alike: Alike, counted: AnySelect) -> AnySelect:
    """How many cards each of them has: each by itself, as all together would be sorted first."""
    each = counted.correlate(alike.asked).subquery("each")
    number = select(func.count()).select_from(each).scalar_subquery()
    return select(cast(alike.asked.c.value, Text), number).select_from(alike.asked)


def _whole(
    built: Built, project_id: int, columns: Mapping[str, Cards], where: Any | None, limit: int
) -> Sequence[Any] | None:
    """What a statement that is built once tells of a whole board by status, and None of any other."""
    if where is not None or any(one.way is not in_status for one in columns.values()):
        return None
    values = [one.value for one in columns.values()]
    return read(built, {"project_id": project_id, "values": values, "limit": limit}).all()


def _keys(columns: Mapping[str, Cards]) -> dict[str, str]:
    """The keys of columns by what they are called in a statement: the value, or the key itself."""
    return {key if one.way is None else str(one.value): key for key, one in columns.items()}


def position_of(project_id: int, number: int, column: Cards | None = None) -> str | None:
    """Where a card is in the order; None for one that is not there, or not in the column."""
    found = _of(project_id, column, select(Issue.position))
    return db.session.scalar(found.where(Issue.number == number))


def next_to(project_id: int, column: Cards | None, position: str | None, *, below: bool, but: int) -> str | None:
    """The place of the card below or above another place in a column, or of the outermost one, leaving out a card."""
    at = column.place if column else Issue.position
    found = _of(project_id, column, select(at)).where(Issue.number != but)
    if position is not None:
        found = found.where(at > position if below else at < position)
    return db.session.scalar(found.order_by(at if below else at.desc()).limit(1))


def put(project_id: int, number: int, rank: str) -> None:
    """Give a card its place by hand."""
    moved = update(Issue).where(Issue.project_id == project_id, Issue.number == number).values(rank=rank)
    db.session.execute(moved.execution_options(synchronize_session=False))


def neighbourhood(project_id: int, position: str, limit: int) -> Sequence[tuple[int, str]]:
    """The ids and places of the cards from a place on, whichever column they are in."""
    found = _of(project_id, None, select(Issue.id, Issue.position)).where(Issue.position >= position)
    return db.session.execute(found.order_by(Issue.position).limit(limit).with_for_update()).all()


def give(ranks: Mapping[int, str]) -> None:
    """Give cards new places."""
    db.session.execute(update(Issue), [{"id": id, "rank": rank} for id, rank in ranks.items()])


def _of(project_id: Any, column: Cards | None, statement: AnySelect) -> AnySelect:
    here = statement.where(Issue.project_id == project_id, Issue.deleted_at.is_(None))
    if column is not None and column.tied is not None:
        here = here.join_from(Issue, column.tied, column.tied.issue_id == Issue.id)
    return here if column is None else here.where(column.where)


# The board that is opened most.
_PROJECT, _LIMIT = bindparam("project_id", type_=BigInteger), bindparam("limit", type_=BigInteger)
_STATUSES = _alike(bindparam("values", type_=ARRAY(BigInteger)), in_status)
_BY_STATUS = Built(_firsts(_STATUSES, _first(_PROJECT, _STATUSES.cards, None, _LIMIT, None)))
_COUNTS_BY_STATUS = Built(_counts(_STATUSES, _counted(_PROJECT, _STATUSES.cards, None).limit(_LIMIT)))
