"""The Undo of a notice: where its button posts, and which change it means."""

from collections.abc import Callable
from uuid import UUID

from flask import url_for

from webapp.changes.batch import Change
from webapp.editing import undoing
from webapp.http.notices import Undo
from webapp.projects.service import ProjectRow


def undo_of(project: ProjectRow, number: int, change: Change | None) -> Callable[[], Undo | None]:
    """What undoes that which a request did to an issue, if it did anything, and that can be taken back."""

    def look() -> Undo | None:
        is_offered = change is not None and undoing.can_be_undone(change)
        return button(project.key, number, change.id) if is_offered and change and change.id else None

    return look


def button(project_key: str, number: int, change: UUID) -> Undo:
    """The button that undoes a change of an issue."""
    return Undo(url_for("undo.undo", project=project_key, number=number), str(change))
