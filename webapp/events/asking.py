"""What SQL may ask of events: the keys of their data are known here and in their classes alone.

A thing is found by its id, whatever it is called now, and by the name that it had then, which is all that is left of
one that was deleted.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, column, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from webapp.events.kinds import Moved, MovedStatus, kinds_of

Condition = ColumnElement[bool]
# Fields of many things. Of the others some have a value that is a thing, and some just a value.
_SETS = ("labels", "assignees")
_SIDES = {"from": ("old", "removed"), "to": ("new", "added")}


def changed(event: Any, field: str) -> Condition:
    """That an event tells of another value of a field; of a move, that something of it stayed or was had again."""
    is_kind: Condition = event.kind.in_(_kinds(field))
    if field not in Moved.touches:
        return is_kind
    moved = [event.data[side].has_key(field) for side in ("left_behind", "again")]
    return or_(is_kind, and_(event.kind == Moved.kind, or_(*moved)))


def had(event: Any, field: str, ids: Sequence[int], names: Sequence[str]) -> Condition:
    """That an event tells that one of these was in a field, before it or since."""
    has_value = _in_set(event, ids, names) if field in _SETS else _in_field(event, ids, names)
    has_had = and_(event.kind.in_(_kinds(field)), has_value)
    if field not in Moved.touches:
        return has_had
    return or_(has_had, and_(event.kind == Moved.kind, _left(event.data["left_behind"][field], field, ids, names)))


def value(event: Any, side: str, name: str) -> Condition:
    """That a change was `from` or `to` a value of this name."""
    one, many = _SIDES[side]
    return or_(_is_named(event.data[one].astext, [name]), _has_named(event.data[many], [name]))


def came_into(event: Any, ids: Sequence[int], names: Sequence[str]) -> Condition:
    """That an issue got one of these statuses."""
    is_new = _is_one(event.data["new_id"], ids), _is_named(event.data["new"].astext, names)
    return and_(event.kind == MovedStatus.kind, or_(*is_new))


def _kinds(field: str) -> list[str]:
    return [kind for kind in kinds_of(field) if kind != Moved.kind]


def _in_field(event: Any, ids: Sequence[int], names: Sequence[str]) -> Condition:
    by_name = [_is_named(event.data[key].astext, names) for key in ("old", "new")]
    return or_(*by_name, *(_is_one(event.data[key], ids) for key in ("old_id", "new_id")))


def _in_set(event: Any, ids: Sequence[int], names: Sequence[str]) -> Condition:
    by_name = [_has_named(event.data[key], names) for key in ("added", "removed") if names]
    return or_(
        false(), *by_name, *(event.data[key].contains([id]) for id in ids for key in ("added_ids", "removed_ids"))
    )


def _left(things: Any, field: str, ids: Sequence[int], names: Sequence[str]) -> Condition:
    """That one of these is among the things that a move left behind: a list of them, or one."""
    if field not in _SETS:
        return or_(_is_one(things["id"], ids), _is_named(things["name"].astext, names))
    each = func.jsonb_array_elements(things).table_valued(column("thing", JSONB), name="left_behind").render_derived()
    is_among = or_(_is_one(each.c.thing["id"], ids), _is_named(each.c.thing["name"].astext, names))
    return exists(select(each.c.thing).where(is_among))


def _is_one(id: Any, ids: Sequence[int]) -> Condition:
    condition: Condition = id.astext.in_([str(one) for one in ids])
    return condition


def _is_named(name: Any, names: Sequence[str]) -> Condition:
    return func.lower(name).in_([func.lower(one) for one in names])


def _has_named(list_of_names: Any, names: Sequence[str]) -> Condition:
    """That a list of names has one of these; where there is no list, it has none."""
    each = func.jsonb_array_elements_text(list_of_names).table_valued("name", name="named").render_derived()
    return exists(select(each.c.name).where(_is_named(each.c.name, names)))
