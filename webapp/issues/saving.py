"""One save of an issue, from what was sent to the events and counters that come of it."""

from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import uuid4

from webapp.access import Viewer
from webapp.events.kinds import Happening
from webapp.issues import writing
from webapp.issues.rows import IssueDetail
from webapp.issues.writing import NOW
from webapp.projects.service import ProjectRow
from webapp.references.service import Prepared

_FIELDS = frozenset(one.name for one in fields(IssueDetail))


@dataclass(slots=True)
class Save:
    """How the locked issue was, what was sent, and what has come of it so far.

    `values` are columns of its row, `shown` is what else it is told with from now on. What is not known of that has
    to be read again: `is_known` says so.
    """

    before: IssueDetail
    sent: dict[str, Any]
    project: ProjectRow
    by: Viewer
    force: bool = False
    cause: str | None = None
    text: Prepared | None = None
    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Happening] = field(default_factory=dict)
    is_known: bool = True

    def tell(self, happened: Happening) -> None:
        """Note that this happens to the issue."""
        self.events[happened.kind] = happened


def keep(save: Save) -> IssueDetail | None:
    """Write what a save changed: the row's version, the counters, the events.

    Returns the issue as it is now, or None where it has to be read again.
    """
    if not save.events:
        return save.before
    moved = int("reopened" in save.events) - int("closed" in save.events)
    at = writing.change(
        save.before.id,
        save.project.id,
        save.values,
        save.events.values(),
        moved=moved,
        by=save.by,
        change_id=uuid4(),
    )
    if not save.is_known:
        return None
    now: dict[str, Any] = {
        name: at if value is NOW else value for name, value in save.values.items() if name in _FIELDS
    }
    return replace(save.before, **(now | save.shown), version=save.before.version + 1, updated_at=at)
