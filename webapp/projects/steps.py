"""The way of somebody's first project: itself, an issue, people. Only the address says how far they are on it."""

from flask import request, url_for

from webapp.access import Do, Viewer, can
from webapp.projects.service import ProjectRow

ISSUE, PEOPLE = 2, 3


def at_issue(project: ProjectRow, by: Viewer) -> int | None:
    """The number of this step, if the address names it, there is no issue yet, and `by` may go on to the next."""
    is_empty = not (project.open_issues or project.closed_issues)
    return ISSUE if is_empty and _is_at(ISSUE, project, by) else None


def at_people(project: ProjectRow, by: Viewer | None) -> int | None:
    """The number of this step, if the address names it and `by` may take it."""
    return PEOPLE if _is_at(PEOPLE, project, by) else None


def to_issue(project: ProjectRow) -> str:
    """Where the first project leads on to."""
    return url_for("issues.new", project=project.key, step=ISSUE)


def to_people(project: ProjectRow) -> str:
    """And where its first issue does."""
    return url_for("members.index", project=project.key, step=PEOPLE)


def _is_at(step: int, project: ProjectRow, by: Viewer | None) -> bool:
    return request.args.get("step") == str(step) and can(by, Do.MANAGE_MEMBERS, project)
