"""One save of an issue, from what was sent to the events and counters that come of it."""

from dataclasses import dataclass, field
from typing import Any

from webapp.access import Viewer
from webapp.issues import repository, turns
from webapp.issues.models import Issue
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.timeline import service as timeline


@dataclass(slots=True)
class Save:
    """The issue's row, how it was, what was sent, and what has come of it so far."""

    row: Issue
    before: IssueDetail
    sent: dict[str, Any]
    project: ProjectRow
    by: Viewer
    force: bool = False
    cause: str | None = None
    events: dict[str, dict[str, Any]] = field(default_factory=dict)


def keep(save: Save) -> None:
    """Write what a save changed: the row's version, the counters, the events."""
    if not save.events:
        return
    save.row.version += 1
    save.row.updated_at = repository.database_now()
    repository.flush()
    moved = int("reopened" in save.events) - int("closed" in save.events)
    turns.touch_project(save.project.id, opened=moved, closed=-moved)
    timeline.record(save.row.id, save.project.id, save.by, save.events)
