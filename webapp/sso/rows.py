"""Somebody as a provider tells of them, and as that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Errand(StrEnum):
    """What somebody is sent to a provider for."""

    LOGIN = "login"
    LINK = "link"  # to come in by it as well
    CONFIRM = "confirm"  # to show again who they are


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider has logged in. `subject` is theirs for ever there; all else may change.

    `is_email_verified`: the provider vouches that the address is theirs. `groups` are none, where none is worth
    anything any more: so what they gave before is taken.
    """

    provider: str
    subject: str
    email: str | None
    is_email_verified: bool
    name: str
    groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """A login elsewhere by which somebody comes in, as they see it."""

    id: int
    provider: str
    subject: str
    email: str | None
    created_at: datetime
    last_used_at: datetime | None
