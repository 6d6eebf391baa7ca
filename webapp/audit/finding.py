"""How records are found, the newest first. Each way to ask walks along an index of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_, union_all

from webapp.audit.kinds import Kind
from webapp.audit.rows import Asked, AuditRow
from webapp.db import AnySelect
from webapp.models.accounts import User, has_handle
from webapp.models.audit import AuditRecord
from webapp.models.projects import Project, ProjectAlias
from webapp.paging import Place
from webapp.reading import among, read

_COLUMNS = [getattr(AuditRecord, name) for name in AuditRow.__dataclass_fields__]
_ORDER = AuditRecord.at, AuditRecord.id


def listed(asked: Asked, at: Place | None, limit: int) -> Sequence[AuditRow]:
    """Some records from a place on; towards the beginning the other way round."""
    found = _found(asked, at, limit).subquery()
    order = [column if at is not None and at.backwards else column.desc() for column in (found.c.at, found.c.id)]
    return [AuditRow(*row) for row in read(select(found).order_by(*order).limit(limit))]


def count(asked: Asked, limit: int | None = None) -> int:
    """How many there are, up to the limit."""
    found = _found(asked, None, limit).subquery()
    return int(read(select(func.count()).select_from(found)).scalar_one())


def person(word: str, *, by_address: bool) -> int | None:
    """Whose number, handle or, if that may be asked, address this is."""
    known = [has_handle(word.lower().removeprefix("@"))]
    if by_address:
        known.append(func.lower(User.email) == word.lower())
    if word.isascii() and word.isdecimal() and len(word) < 19:
        known.append(User.id == int(word))
    return read(select(User.id).where(or_(*known)).order_by(User.id).limit(1)).scalar()


def projects(key: str) -> Sequence[int]:
    """The projects that have this key, had it before, or were deleted under it."""
    gone = AuditRecord.kind == Kind.PROJECT_DELETED.word, AuditRecord.project_key == key
    ways = (
        select(Project.id).where(Project.key == key),
        select(ProjectAlias.project_id).where(ProjectAlias.key == key),
        select(AuditRecord.project_id).where(*gone),
    )
    return list(read(union_all(*ways)).scalars())


def _found(asked: Asked, at: Place | None, limit: int | None) -> AnySelect:
    """Of somebody, both what they did and what was done to them: each walks along its index."""
    conditions = _conditions(asked, at)
    if asked.person is None:
        return _cut(conditions, at, limit)
    did = AuditRecord.actor_id == asked.person
    about = AuditRecord.target_kind == "person", AuditRecord.target_id == asked.person
    by_others = *about, AuditRecord.actor_id.is_distinct_from(asked.person)
    halves = [_cut([*conditions, *half], at, limit) for half in ((did,), by_others)]
    both = union_all(*(select(half.subquery()) for half in halves)).subquery()
    return select(*both.c)


def _cut(conditions: list[ColumnElement[bool]], at: Place | None, limit: int | None) -> AnySelect:
    order = [column if at is not None and at.backwards else column.desc() for column in _ORDER]
    rows = select(*_COLUMNS).where(*conditions)
    return rows if limit is None else rows.order_by(*order).limit(limit)


def _conditions(asked: Asked, at: Place | None) -> list[ColumnElement[bool]]:
    found: list[Any] = []
    if asked.kinds is not None:
        found.append(_one_of(AuditRecord.kind, asked.kinds))
    if asked.projects is not None:
        found.append(_one_of(AuditRecord.project_id, asked.projects))
    if asked.outcome is not None:
        found.append(AuditRecord.outcome == asked.outcome)
    if asked.address is not None:
        found.append(AuditRecord.address == asked.address)
    if asked.since is not None:
        found.append(AuditRecord.at >= asked.since)
    if asked.until is not None:
        found.append(AuditRecord.at < asked.until)
    if at is not None:
        found.append(tuple_(*_ORDER) > at.key if at.backwards else tuple_(*_ORDER) < at.key)
    return found


def _one_of(column: Any, values: Sequence[Any]) -> Any:
    """A single value lets an index give the rows in their order; several do not."""
    return column == values[0] if len(values) == 1 else among(column, values)
