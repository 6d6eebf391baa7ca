"""How records are written. Nothing here changes one."""

import json
from typing import Any

from webapp.reading import Text, read

_COLUMNS = (
    "kind text, outcome text, actor_id bigint, actor_name text, actor_email text, sid bigint, request_id text,"
    " address text, agent text, project_id bigint, project_key text, target_kind text, target_id bigint,"
    " target_name text, before jsonb, after jsonb"
)
_NAMES = [column.split()[0] for column in _COLUMNS.split(",")]
_INTO = f"INSERT INTO audit_records ({', '.join(_NAMES)})"
_VALUES = ", ".join(f":{name}" for name in _NAMES)
_ADD = Text(f"{_INTO} VALUES ({_VALUES})", _COLUMNS)
# Refusals are counted by the minute, of a network and of all: up to so many stand each for itself, and then only
# those that double their number, which they tell. One statement, so that it is exact in a race; the row of all is
# taken last.
_STILL = "known.last_at > now() - interval '1 minute'"
_IS_TOLD = "({0} <= {1} OR (mod({0}, {1}) = 0 AND ({0} / {1}) & ({0} / {1} - 1) = 0))"
_NUMBERS = """CASE WHEN here > :free OR everywhere > :most THEN coalesce(:after, '{}'::jsonb)
    || jsonb_build_object('in_this_minute', here, 'from_everywhere', everywhere) ELSE :after END"""
_ADD_COUNTED = Text(
    f"""
    WITH counted AS (
        INSERT INTO login_failures AS known (key, count) VALUES (:key, 1), ('audit', 1)
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN {_STILL} THEN known.count + 1 ELSE 1 END,
            last_at = CASE WHEN {_STILL} THEN known.last_at ELSE now() END
        RETURNING known.key, known.count
    ), numbers AS (
        SELECT max(count) FILTER (WHERE key = :key) AS here, max(count) FILTER (WHERE key = 'audit') AS everywhere
        FROM counted
    )
    {_INTO} SELECT {_VALUES.replace(":after", _NUMBERS)}
    FROM numbers WHERE {_IS_TOLD.format("here", ":free")} AND {_IS_TOLD.format("everywhere", ":most")}
    """,  # noqa: S608  all of it is said above
    f"{_COLUMNS}, key text, free bigint, most bigint",
)
_CLEARING = Text("SELECT clear_audit_records(:days, :most)", "days integer, most integer", "number")


def add(values: dict[str, Any]) -> None:
    """Write a record."""
    read(_ADD, _sent(values))


def add_counted(values: dict[str, Any], key: str, free: int, most: int) -> None:
    """The same for what anybody can cause: beyond so many of this key, and of all, most are only counted."""
    read(_ADD_COUNTED, {**_sent(values), "key": key, "free": free, "most": most})


def clear(days: int, most: int) -> int:
    """Delete some that are older; how many."""
    number: int = read(_CLEARING, {"days": days, "most": most}).scalar_one()
    return number


def _sent(values: dict[str, Any]) -> dict[str, Any]:
    texts = {name: None if values[name] is None else json.dumps(values[name]) for name in ("before", "after")}
    return {**values, **texts}
