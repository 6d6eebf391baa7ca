"""An address as its owner sees it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody's address. It is confirmed once they followed a link that was sent there."""

    email: str
    confirmed_at: datetime | None
