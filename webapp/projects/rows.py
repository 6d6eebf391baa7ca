"""A project as pages and services know it."""

from dataclasses import dataclass
from datetime import datetime

from webapp.access import Role, Visibility


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as somebody sees it; `role` is theirs in it, if any."""

    id: int
    key: str
    name: str
    description: str
    visibility: Visibility
    owner_id: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    importing_since: datetime | None
    open_issues: int
    closed_issues: int
    version: int
    default_view_id: int | None
    # Counters that move with what is shown of its issues, with its words, and with people's names.
    stamp: int
    words: int
    people: int
    role: Role | None
    # What whoever looks chose to hear of it, and how often they chose something here: for it or for its issues.
    level: str | None = None
    choices: int | None = None

    @property
    def edition(self) -> tuple[int, str, int, int, int]:
        """What its lists and boards show is the same as long as this is, whoever looks."""
        return self.id, self.key, self.stamp, self.words, self.people
