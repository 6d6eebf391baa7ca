from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PersonalTokenRow:
    """A token as its owner sees it."""

    id: int
    name: str
    scope: str
    last_four: str
    agent: str | None
    created_at: datetime
    expires_at: datetime
    used_on: date | None
    is_over: bool
    # The keys of those that it is limited to and that there still are; None if it is not limited.
    projects: list[str] | None
