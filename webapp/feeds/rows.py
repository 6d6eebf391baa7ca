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
