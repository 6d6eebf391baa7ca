"""What is stored of settings, under a counter that the first statement of each request reads."""

import json
from collections.abc import Mapping

from webapp.reading import Text, read

_STORED = Text(
    """
    SELECT settings, (SELECT coalesce(jsonb_object_agg(name, value), '{}') FROM stored_settings)::text
    FROM stamps
    """,
    "",
    "counter stored",
)
_PUT = Text(
    """
    INSERT INTO stored_settings (name, value) VALUES (:name, :value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = now()
    """,
    "name text, value text",
)
_DROP = Text("DELETE FROM stored_settings WHERE name = :name", "name text")
# With the time, as the others: never is another state told by the same counter.
_MOVE = Text(
    "UPDATE stamps SET settings = greatest(settings + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
)


def stored() -> tuple[int, Mapping[str, str]]:
    """The counter, and the values by name."""
    row = read(_STORED).one()
    return row.counter, json.loads(row.stored)


def lock() -> None:
    """Let nobody else change settings until the transaction ends; whoever asks reads them all anew then."""
    read(_MOVE)


def put(name: str, value: str | None) -> None:
    """Store a value; None for none."""
    if value is None:
        read(_DROP, {"name": name})
    else:
        read(_PUT, {"name": name, "value": value})
