"""The Undo of a notice: where its button posts, and which change it means."""

from collections.abc import Callable

from flask import url_for

from webapp.http import me
from webapp.http.notices import Undo
from webapp.projects.service import ProjectRow
from webapp.undo import service as undoing


def undo_of(project: ProjectRow, number: int) -> Callable[[], Undo | None]:
    """What undoes the last change that was made to an issue by this request; looked up for pages only."""

    def look() -> Undo | None:
        change = undoing.offered(project, number, me())
        return Undo(url_for("undo.undo", project=project.key, number=number), str(change)) if change else None

    return look
