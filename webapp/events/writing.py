"""How events are written. Whoever writes one, in a statement of their own or by COPY, has the rows from here."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Insert, Table, Text, Uuid, bindparam, column, func, insert, literal, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import JSONB

from webapp.db import AnySelect
from webapp.events.happening import Happening
from webapp.models.events import Event
from webapp.reading import Built, read

# What was made for an import's COPY belongs here.
TABLE = cast(Table, Event.__table__)
_COLUMNS = ("project_id", "issue_id", "actor_id", "change_id", "kind", "data")
_TEXTS = ARRAY(Text)


def single(project_id: Any, issue_id: Any, actor_id: Any, change: Any, happened: Happening) -> Insert:
    """A part of a statement that writes one event, the same each time; the rest are columns and binds of that."""
    rows = select(project_id, issue_id, actor_id, change, literal(_kind(happened)), literal(happened.data(), JSONB))
    return insert(Event).from_select(_COLUMNS, rows, include_defaults=False)


def of_new(project_id: Any, issue_id: Any, actor_id: Any, change: Any, kind: type[Happening], **told: Any) -> Insert:
    """The same for what tells of something that the statement makes: what is told of it are columns of that."""
    data = func.jsonb_build_object(
        *(part for name, value in told.items() for part in (kind.renamed.get(name, name), value))
    )
    rows = select(project_id, issue_id, actor_id, change, literal(kind.kind), data)
    return insert(Event).from_select(_COLUMNS, rows, include_defaults=False)


def several(project_id: Any, actor_id: Any, change: Any) -> Insert:
    """The same for what happened to issues at once; `given` says what that is, and to which."""
    issues = bindparam("told_of", type_=ARRAY(BigInteger))
    each = func.unnest(issues, bindparam("kinds", type_=_TEXTS), bindparam("data", type_=_TEXTS))
    shape = column("issue_id", BigInteger), column("kind", Text), column("data", Text)
    told = each.table_valued(*shape, name="told").render_derived()
    rows = select(project_id, told.c.issue_id, actor_id, change, told.c.kind, as_type(told.c.data, JSONB))
    return insert(Event).from_select(_COLUMNS, rows, include_defaults=False)


def given(happened: Sequence[tuple[int, Happening]]) -> dict[str, list[Any]]:
    """The values of a statement that writes several events, each told by its issue's id."""
    return {
        "told_of": [issue_id for issue_id, _ in happened],
        "kinds": [_kind(one) for _, one in happened],
        "data": [json.dumps(one.data()) for _, one in happened],
    }


def _adding() -> AnySelect:
    project_id, actor_id = (bindparam(name, type_=BigInteger) for name in ("project_id", "actor_id"))
    recorded = several(project_id, actor_id, bindparam("change", type_=Uuid()))
    return select(literal(1)).add_cte(recorded.cte("recorded"))


_ADDING = Built(_adding())


def add(project_id: int, actor_id: int, change: UUID, happened: Sequence[tuple[int, Happening]]) -> None:
    """Write what happened to issues, by their ids, in this order. One statement for any number."""
    common = {"project_id": project_id, "actor_id": actor_id, "change": change}
    read(_ADDING, {**common, **given(happened)})


def row(
    project_id: int, issue_id: int, actor_id: int, change: UUID, happened: Happening, at: datetime
) -> Mapping[str, Any]:
    """What COPY is to add to the table for something that happened elsewhere, and then."""
    return {
        "project_id": project_id,
        "issue_id": issue_id,
        "actor_id": actor_id,
        "change_id": change,
        "kind": _kind(happened),
        "data": happened.data(),
        "created_at": at,
    }


def _kind(happened: Happening) -> str:
    if not happened.stored:
        fault = f"{happened.kind} is told, and not stored."
        raise ValueError(fault)
    return happened.kind
