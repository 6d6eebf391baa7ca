"""How many react to something, as the database counts them beside it, and as it is told."""

from collections.abc import Sequence
from typing import Any

from webapp.models.reactions import Feeling

FEELINGS = tuple(one.value for one in Feeling)


def counted(array: str) -> tuple[int, ...]:
    """How many there are of each feeling, from an array as PostgreSQL writes it; empty if there are none at all."""
    return tuple(map(int, array[1:-1].split(","))) if array != "{}" else ()


def told(counts: Sequence[int]) -> dict[str, int]:
    """The same in words: how many in all, and of each feeling that somebody has."""
    return {"total": sum(counts), **{name: count for name, count in zip(FEELINGS, counts, strict=False) if count}}


def as_told(counts: Any) -> Any:
    """The same for a schema, of a row; what is told already stays as it is."""
    return counts if isinstance(counts, dict) else told(counts)
