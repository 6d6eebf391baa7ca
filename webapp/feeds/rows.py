from dataclasses import dataclass
from datetime import date, datetime

from webapp.issues.rows import IssueRow


@dataclass(frozen=True, slots=True)
class IssueText(IssueRow):
    """An issue with its text as it was written."""

    body: str


@dataclass(frozen=True, slots=True)
class DueMilestone:
    """A milestone that is to be reached by a day."""

    id: int
    project_key: str
    title: str
    description: str
    due_on: date
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class FeedTokenRow:
    """A token as its owner sees it."""

    id: int
    name: str
    last_four: str
    created_at: datetime
    expires_at: datetime
    used_on: date | None
    ended_with_logins: bool
    is_past: bool
    # As those of a personal access token.
    projects: list[str] | None

    @property
    def is_over(self) -> bool:
        return self.ended_with_logins or self.is_past
