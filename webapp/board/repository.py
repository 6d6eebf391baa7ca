from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, literal, not_, select, union_all, update
from sqlalchemy.orm import aliased

from webapp.db import AnySelect, db
from webapp.issues.models import Issue, IssueAssignee, IssueLabel, Priority, State
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.reading import read

Card = tuple[str, IssueRow, str]
_Assigned, _Tied = aliased(IssueAssignee), aliased(IssueLabel)
_IS_OPEN = Issue.state == State.OPEN


class Cards(NamedTuple):
    """Which cards a column has, and by what they are ordered there: what an index can be read by.

    `alone` says the same of links to issues, without the issues, to count them.
    """

    where: Any
    place: Any = Issue.position
    alone: Any = None


def in_status(status_id: int) -> Cards:
    """The issues of a status."""
    return Cards(Issue.status_id == status_id)


def in_priority(priority: Priority) -> Cards:
    """The open issues that are so pressing."""
    return Cards(and_(_IS_OPEN, Issue.priority == priority))


def in_milestone(milestone_id: int | None) -> Cards:
    """The open issues of a milestone, or of none."""
    here = Issue.milestone_id.is_(None) if milestone_id is None else Issue.milestone_id == milestone_id
    return Cards(and_(_IS_OPEN, here))


def assigned_to(project_id: int, user_id: int | None) -> Cards:
    """The open issues of somebody, or of nobody."""
    assigned = _Assigned.issue_id == Issue.id
    if user_id is None:
        return Cards(and_(_IS_OPEN, not_(exists().where(assigned))))
    theirs = and_(_Assigned.user_id == user_id, _Assigned.project_id == project_id, _Assigned.place.is_not(None))
    return Cards(and_(assigned, theirs), _Assigned.place, theirs)


def labelled(label_id: int | None, scope: Sequence[int]) -> Cards:
    """The open issues with a label, or with none of its scope."""
    tied = _Tied.issue_id == Issue.id
    if label_id is None:
        return Cards(and_(_IS_OPEN, not_(exists().where(tied, _Tied.label_id.in_(scope)))))
    labelled = and_(_Tied.label_id == label_id, _Tied.place.is_not(None))
    return Cards(and_(tied, labelled), _Tied.place, labelled)


def cards(project_id: int, columns: Mapping[str, Cards], where: Any, limit: int, after: str | None) -> list[Card]:
    """The first cards of each column behind a place, each with its column and its place. One statement for all."""
    if not columns:
        return []
    firsts = [select(_first(key, project_id, column, where, limit, after)) for key, column in columns.items()]
    found = union_all(*firsts).subquery("found")
    columned = LISTED.add_columns(found.c.key.label("column_key"), Issue.position)
    statement = columned.join(found, found.c.id == Issue.id).order_by(found.c.key, Issue.position)
    rows = read(statement)
    return [(row.column_key, listed(row), row.position) for row in rows]


def _first(key: str, project_id: int, column: Cards, where: Any, limit: int, after: str | None) -> Any:
    first = _of(project_id, column, select(literal(key).label("key"), Issue.id)).where(where)
    if after is not None:
        first = first.where(column.place > after)
    return first.order_by(column.place).limit(limit).subquery()


def counts(project_id: int, columns: Mapping[str, Cards], where: Any | None, limit: int) -> dict[str, int]:
    """How many cards each column has, counted up to the limit: all, or those found. One statement."""
    ways = []
    for key, column in columns.items():
        some = _counted(project_id, column, where).limit(limit).subquery()
        ways.append(select(literal(key), select(func.count()).select_from(some).scalar_subquery()))
    return dict(read(union_all(*ways)).all()) if ways else {}


def _counted(project_id: int, column: Cards, where: Any | None) -> AnySelect:
    if where is None and column.alone is not None:
        return select(literal(1)).where(column.alone)
    found = _of(project_id, column, select(Issue.id))
    # In their order, as the cards are read: otherwise all that a filter finds would be gathered first.
    return (found if where is None else found.where(where)).order_by(column.place)


def place_of(project_id: int, number: int, column: Cards | None = None) -> str | None:
    """Where a card is in the order; None for one that is not there, or not in the column."""
    found = _of(project_id, column, select(Issue.position))
    return db.session.scalar(found.where(Issue.number == number))


def next_to(project_id: int, column: Cards | None, place: str | None, *, below: bool, but: int) -> str | None:
    """The place of the card below or above another place in a column, or of the outermost one, leaving out a card."""
    at = column.place if column else Issue.position
    found = _of(project_id, column, select(at)).where(Issue.number != but)
    if place is not None:
        found = found.where(at > place if below else at < place)
    return db.session.scalar(found.order_by(at if below else at.desc()).limit(1))


def put(project_id: int, number: int, rank: str) -> None:
    """Give a card its place by hand."""
    moved = update(Issue).where(Issue.project_id == project_id, Issue.number == number).values(rank=rank)
    db.session.execute(moved.execution_options(synchronize_session=False))


def neighbourhood(project_id: int, place: str, limit: int) -> Sequence[tuple[int, str]]:
    """The ids and places of the cards from a place on, whichever column they are in."""
    found = _of(project_id, None, select(Issue.id, Issue.position)).where(Issue.position >= place)
    return db.session.execute(found.order_by(Issue.position).limit(limit).with_for_update()).all()


def give(ranks: Mapping[int, str]) -> None:
    """Give cards new places."""
    db.session.execute(update(Issue), [{"id": id, "rank": rank} for id, rank in ranks.items()])


def _of(project_id: int, column: Cards | None, statement: AnySelect) -> AnySelect:
    here = statement.where(Issue.project_id == project_id, Issue.deleted_at.is_(None))
    return here if column is None else here.where(column.where)
