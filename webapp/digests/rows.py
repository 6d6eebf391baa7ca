from dataclasses import dataclass, field
from datetime import date, datetime

from webapp.models.rules import Rhythm, Weekday


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody for whom something waits, since when, and when they want to hear of it."""

    user_id: int
    since: datetime
    time_zone: str
    rhythm: Rhythm
    hour: int
    weekday: Weekday
    quiet_from: int | None
    quiet_to: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """An issue of the reader's that is due soon, or was."""

    key: str
    number: int
    title: str
    due_on: date

    @property
    def words(self) -> str:
        """The issue, as a line names it."""
        return f"{self.key}-{self.number} {self.title}"

    @property
    def path(self) -> str:
        return f"/projects/{self.key}/issues/{self.number}"


@dataclass(slots=True)
class Chapter:
    """What happened in a project: issues, where they lead and what was done; and how many issues are not named."""

    name: str
    path: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    more: int = 0
