"""An address as its owner sees it, and an invitation to be somebody who was imported."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody's address. It is confirmed once they followed a link that was sent there."""

    email: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """An invitation to be somebody imported, and where it went.

    Only whoever follows it asks who sent it, and whether by a mail: that proves the address.
    """

    email: str
    created_at: datetime
    expires_at: datetime
    is_over: bool
    by_id: int = 0
    mailed: bool = False
    link: str | None = None
