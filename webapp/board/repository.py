from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, literal, select, union_all, update

from webapp.board.columns import Cards, alike_by, in_status, keys_of, ways_of
from webapp.db import AnyRow, AnySelect, db
from webapp.issues.rows import IssueRow
from webapp.lists import queries
from webapp.lists.listed import TOLD, beside_parent
from webapp.models.issues import Issue
from webapp.projects.rows import ProjectRow
from webapp.reading import Built, read

Card = tuple[str, IssueRow, str]


def cards(
    project: ProjectRow, columns: Mapping[str, Cards], where: Any | None, limit: int, after: str | None
) -> list[Card]:
    """The first cards of each column behind a place, each with its column and its place, in the order of places:
    all, or those found. One statement for all columns.
    """
    found_at = _whole(_BY_STATUS, project.id, columns, where, limit) if after is None else None
    if found_at is None:
        alike, others = ways_of(columns)
        ways = [
            select(literal(key).label("key"), _first(project.id, one, where, limit, after).subquery())
            for key, one in others.items()
        ]
        if alike is not None:
            ways.append(alike.firsts(_first(project.id, alike.cards, where, limit, after)))
        found_at = read(union_all(*ways)).all() if ways else []
    return in_order(project, columns, found_at)


def in_order(project: ProjectRow, columns: Mapping[str, Cards], found: Sequence[AnyRow]) -> list[Card]:
    """Cards that were found, in the order of their places: each begins with its column, its text and its place."""
    firsts = sorted(found, key=itemgetter(2))
    issues = queries.told(project, [row[1] for row in firsts]) if firsts else []
    keys = keys_of(columns)
    return [(keys[row[0]], issue, row[2]) for row, issue in zip(firsts, issues, strict=True) if issue is not None]


def counts(project_id: int, columns: Mapping[str, Cards], where: Any | None, limit: int) -> dict[str, int]:
    """How many cards each column has, counted up to the limit: all, or those found. One statement."""
    if not columns:
        return {}
    counted = _whole(_COUNTS_BY_STATUS, project_id, columns, where, limit)
    if counted is None:
        alike, others = ways_of(columns)
        ways: list[AnySelect] = []
        for key, one in others.items():
            some = _counted(project_id, one, where).limit(limit).subquery()
            ways.append(select(literal(key), select(func.count()).select_from(some).scalar_subquery()))
        if alike is not None:
            ways.append(alike.counts(_counted(project_id, alike.cards, where).limit(limit)))
        counted = read(union_all(*ways)).all() if ways else []
    keys = keys_of(columns)
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


def _whole(
    built: Built, project_id: int, columns: Mapping[str, Cards], where: Any | None, limit: int
) -> Sequence[Any] | None:
    """What a statement that is built once tells of a whole board by status, and None of any other."""
    if where is not None or any(one.way is not in_status for one in columns.values()):
        return None
    values = [one.value for one in columns.values()]
    return read(built, {"project_id": project_id, "values": values, "limit": limit}).all()


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
_STATUSES = alike_by(bindparam("values", type_=ARRAY(BigInteger)), in_status)
_BY_STATUS = Built(_STATUSES.firsts(_first(_PROJECT, _STATUSES.cards, None, _LIMIT, None)))
_COUNTS_BY_STATUS = Built(_STATUSES.counts(_counted(_PROJECT, _STATUSES.cards, None).limit(_LIMIT)))
