"""What a notice offers: Undo, where its button posts and which change it means; and the next issue of a list."""

from collections.abc import Callable
from uuid import UUID

from flask import url_for

from webapp.access import Viewer
from webapp.changes.batch import Change
from webapp.editing import undoing
from webapp.events.doings import Closed
from webapp.http.notices import Link, Undo
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.lists import page as lists
from webapp.projects.service import ProjectRow


def undo_of(project: ProjectRow, number: int, change: Change | None) -> Callable[[], Undo | None]:
    """What undoes that which a request did to an issue, if it did anything, and that can be taken back."""

    def look() -> Undo | None:
        is_offered = change is not None and undoing.can_be_undone(change)
        return button(project.key, number, change.id) if is_offered and change and change.id else None

    return look


def onward_from(
    project: ProjectRow, issue: IssueDetail, change: Change | None, by: Viewer
) -> Callable[[], Link | None]:
    """The next issue of the list that led to one, if this change closed that."""

    def look() -> Link | None:
        beside = lists.beside(project, issue, by) if change is not None and Closed.kind in change.kinds else None
        return Link(_("Next issue"), beside.following) if beside and beside.following else None

    return look


def button(project_key: str, number: int, change: UUID) -> Undo:
    """The button that undoes a change of an issue."""
    return Undo(url_for("undo.undo", project=project_key, number=number), str(change))
