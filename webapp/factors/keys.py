"""The keys of this room, one for each purpose: read from the application's at start."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.config.keys import Ring


@dataclass(frozen=True, slots=True)
class Keys:
    """`seeds` encrypt, the first of them what is new; `challenge` signs."""

    seeds: tuple[bytes, ...]
    challenge: Ring


_keys: Keys | None = None


def configure(keys: Mapping[str, Ring]) -> None:
    """Take what belongs here."""
    global _keys
    _keys = Keys(tuple(map(bytes.fromhex, keys["seed"])), keys["challenge"])


def keys() -> Keys:
    """Raises RuntimeError before there is an application."""
    if _keys is None:
        raise RuntimeError("There is no application yet.")
    return _keys
