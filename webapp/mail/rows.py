"""A mail that is being sent, and who will read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.models.mails import State

__all__ = ["MailRow", "Posted", "Reader", "Sent", "State"]


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a mail goes. Without an `id` it is an address that nobody here has.

    `is_confirmed`: it is known that they read what is sent there.
    """

    id: int | None
    name: str
    address: str
    time_zone: str
    is_active: bool
    is_confirmed: bool = True
    language: str | None = None


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail that waits, as it is when its turn has come; `is_early` if it was put off meanwhile."""

    id: int
    kind: str
    data: dict[str, Any]
    message_id: str
    created_at: datetime
    due_at: datetime
    is_early: bool
    reader: Reader


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a mail, what was said to it, and since when it waits or when it was sent."""

    state: State
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail that was posted, and when its turn comes."""

    id: int
    due_at: datetime
    is_new: bool
