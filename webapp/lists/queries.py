"""Queries for lists of issues: those that a condition finds, in an order, from a place on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Integer,
    Text,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from webapp.access import Viewer
from webapp.db import AnyRow, AnySelect, db
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.lists import grouping
from webapp.lists.conditions import Condition
from webapp.lists.listed import PLAIN, named
from webapp.lists.listed import ids as listed_ids
from webapp.lists.orders import Order, order
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.paging import Place
from webapp.projects.rows import ProjectRow
from webapp.projects.sight import visible_to
from webapp.reading import Built, among, read


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the issues that a condition finds, and of all of them the number. In a list that is divided, `places`
    tell where each stands, by its id. What nobody counted is None.
    """

    issues: Sequence[IssueRow]
    total: int | None = None
    places: Mapping[int, grouping.Place] = field(default_factory=dict)


def matching(
    where: Condition, order: Order, falling: bool, at: Place | None, limit: int, project: ProjectRow | None = None
) -> Found:
    """The issues that fulfil a condition, in this order from a place on; those of one project if it is given."""
    if order.group:
        return _divided(where, order, falling, at, limit, project)

    def of(rows: AnySelect) -> Sequence[AnyRow]:
        statement = rows.where(where, *beyond(order.columns, falling, at))
        return read(statement.order_by(*in_order(order.columns, falling, at)).limit(limit)).all()

    return Found(_read(of, project)[0])


def _divided(
    where: Condition, order: Order, falling: bool, at: Place | None, limit: int, project: ProjectRow | None
) -> Found:
    """The same in groups. All of the list is put in order for that: by as little as that needs, and only of what is
    first the rest is read.
    """
    gathered, keys, groups = gather(where, order)
    own, group = _of(gathered, keys), _of(gathered, groups)
    here = select(gathered, literal(None, Integer).label("alike")).where(*beyond(own, falling, at, group))
    first = here.order_by(*in_order(own, falling, at, group)).limit(limit).subquery("first")

    def of(rows: AnySelect) -> Sequence[AnyRow]:
        group = _of(first, groups)
        statement = rows.where(Issue.id == first.c.found).add_columns(*group, first.c.alike)
        return read(statement.order_by(*in_order(_of(first, keys), falling, at, group))).all()

    issues, rows = _read(of, project)
    return Found(issues, None, _places(issues, rows, order))


def few(
    where: Condition,
    order: Order,
    falling: bool,
    at: Place | None,
    limit: int,
    most: int,
    project: ProjectRow | None = None,
) -> Found:
    """The same, and how many fulfil it at all, with one look for both. What it finds of more than `most` is no list.

    Those that fulfil the condition are gathered as is cheapest for that, and put in order then.
    """
    gathered, keys, groups = gather(where, order, most + 1)
    total = select(func.count()).select_from(gathered).scalar_subquery().label("total")
    if groups:
        alike = func.count().over(partition_by=_of(gathered, groups)).label("alike")
        counted: Any = select(gathered, alike).subquery("counted")
    else:
        counted = gathered
    own, group = _of(counted, keys), _of(counted, groups)
    here = select(counted, total).where(*beyond(own, falling, at, group))
    first = here.order_by(*in_order(own, falling, at, group)).limit(limit).subquery("first")

    def of(rows: AnySelect) -> Sequence[AnyRow]:
        group = _of(first, groups)
        more = (*group, first.c.alike) if group else ()
        statement = rows.where(Issue.id == first.c.found).add_columns(first.c.total, *more)
        return read(statement.order_by(*in_order(_of(first, keys), falling, at, group))).all()

    issues, rows = _read(of, project)
    return Found(issues, rows[0].total if rows else 0, _places(issues, rows, order))


def gather(where: Condition, order: Order, limit: int | None = None) -> tuple[CTE, list[Any], list[Any]]:
    """Issues that fulfil a condition, in no order, with their numbers and what they are put in order by: the labels
    of its columns, and of those of its groups."""
    keys, groups = _labelled("key", order.columns), _labelled("group", order.group)
    found = order.joined(select(Issue.id.label("found"), Issue.number, *keys, *groups)).where(where).limit(limit)
    return found.cte("gathered"), keys, groups


def _labelled(name: str, columns: Sequence[Any]) -> list[Any]:
    return [column.label(f"{name}_{number}") for number, column in enumerate(columns)]


def _of(rows: Any, labels: Sequence[Any]) -> list[Any]:
    return [rows.c[label.name] for label in labels]


def _places(issues: Sequence[IssueRow], rows: Sequence[AnyRow], order: Order) -> Mapping[int, grouping.Place]:
    if not order.group:
        return {}
    places = (grouping.Place((row.group_0, row.group_1, row.group_2), row.alike) for row in rows)
    return {issue.id: place for issue, place in zip(issues, places, strict=True)}


def _read(
    of: Callable[[AnySelect], Sequence[AnyRow]], project: ProjectRow | None
) -> tuple[Sequence[IssueRow], Sequence[AnyRow]]:
    """What a statement finds: as rows of one table where they are of one project, whose words are known."""
    if project is not None and (plain := named(project, _texts(rows := of(PLAIN)))) is not None:
        return plain, rows
    rows = of(LISTED)
    return [listed(row) for row in rows], rows


def _texts(rows: Sequence[AnyRow]) -> list[str]:
    return [row[0] for row in rows]


def beyond(columns: Sequence[Any], falling: bool, at: Place | None, group: Sequence[Any] = ()) -> Sequence[Condition]:
    """What comes behind a place, on the side on which one looks."""
    if at is None:
        return ()
    here, key = tuple_(*columns), at.key[len(group) :]
    within = here < key if falling != at.backwards else here > key
    if not group:
        return (within,)
    its, of_key = tuple_(*group), at.key[: len(group)]
    return (or_(its < of_key if at.backwards else its > of_key, and_(its == of_key, within)),)


def in_order(columns: Sequence[Any], falling: bool, at: Place | None, group: Sequence[Any] = ()) -> Sequence[Any]:
    """Columns as a list is sorted by them, from the end on if one looks back."""
    back = at is not None and at.backwards
    return [
        *(column.desc() if back else column for column in group),
        *(column.desc() if falling != back else column for column in columns),
    ]


def is_in_state(project_id: int, state: str) -> Condition:
    """That an issue is one of a project's in a state, or "all"."""
    where = (Issue.project_id == project_id) & Issue.deleted_at.is_(None)
    return where if state == "all" else where & (Issue.state == state)


def in_state(project: ProjectRow, state: str, sort: str, at: Place | None, limit: int) -> Sequence[IssueRow]:
    """The issues of a project in a state, or "all", as `matching` would find them.

    It is the list that is opened most, so its statement is built once.
    """
    falling = sort.endswith("desc") != (at is not None and at.backwards)
    values = {f"key_{number}": value for number, value in enumerate(at.key)} if at is not None else {}
    values |= {"project_id": project.id, "limit": limit} | ({"state": state} if state != "all" else {})
    kind = state != "all", sort, falling, at is not None
    plain = named(project, _texts(read(_in_state(PLAIN, *kind), values).all()))
    return plain if plain is not None else [listed(row) for row in read(_in_state(LISTED, *kind), values)]


def told(project: ProjectRow, texts: Sequence[str]) -> Sequence[IssueRow | None]:
    """The issues of a project that TOLD tells; None for one that has gone from it."""
    if (plain := named(project, texts)) is not None:
        return plain
    here = Issue.project_id == project.id, among(Issue.id, ids := listed_ids(texts))
    whole = {row.id: row for row in map(listed, read(LISTED.where(*here)))}
    return [whole.get(id) for id in ids]


def ids_matching(where: Condition, limit: int, ids: Sequence[int] | None = None) -> list[int]:
    """The ids of the issues that fulfil a condition, of some if these are given; no more than the limit."""
    asked = select(Issue.id).where(where)
    if ids is not None:
        asked = asked.where(among(Issue.id, ids))
    return read(asked.limit(limit)).scalars().all()  # type: ignore[return-value]


@cache
def _in_state(rows: AnySelect, one: bool, sort: str, falling: bool, from_a_place: bool) -> Built:
    columns = order(sort).columns
    statement = rows.where(Issue.project_id == bindparam("project_id", type_=BigInteger))
    if one:
        statement = statement.where(Issue.state == bindparam("state", type_=Text))
    if from_a_place:
        key = tuple_(*(bindparam(f"key_{number}", type_=one.type) for number, one in enumerate(columns)))
        statement = statement.where(tuple_(*columns) < key if falling else tuple_(*columns) > key)
    return Built(statement.order_by(*in_order(columns, falling, None)).limit(bindparam("limit", type_=BigInteger)))


def count_matching(where: Condition, limit: int) -> int:
    """How many issues fulfil a condition, counted up to the limit."""
    found = select(Issue.id).where(where).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def projects_seen_by(viewer: Viewer | None) -> Mapping[int, str]:
    """The ids and keys of all projects that somebody sees."""
    return dict(read(select(Project.id, Project.key).where(visible_to(viewer))).all())


def latest_seen_by(viewer: Viewer | None, limit: int) -> Sequence[IssueRow]:
    """The issues with the newest activity in all projects that somebody sees.

    Each project gives its newest few by index; the newest of those are the answer.
    """
    newest = (
        select(Issue.id)
        .where(Issue.project_id == Project.id, Issue.deleted_at.is_(None))
        .order_by(Issue.updated_at.desc(), Issue.id.desc())
        .limit(limit)
        .correlate(Project)
        .lateral("newest")
    )
    seen = (
        select(Project.id).where(visible_to(viewer)).order_by(Project.updated_at.desc()).limit(100).subquery("seen")
    )
    ids = select(newest.c.id).select_from(Project).join(seen, seen.c.id == Project.id).join(newest, newest.c.id > 0)
    statement = LISTED.where(Issue.id.in_(ids)).order_by(Issue.updated_at.desc(), Issue.id.desc()).limit(limit)
    return [listed(row) for row in read(statement)]
