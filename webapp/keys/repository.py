from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from webapp.access import Viewer
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.projects.sight import visible_to
from webapp.reading import read


@dataclass(frozen=True, slots=True)
class ProjectPlace:
    key: str
    name: str


def projects(letters: str, viewer: Viewer | None, limit: int) -> Sequence[ProjectPlace]:
    """The projects that somebody sees whose key begins with the letters or whose name has them, lately used first."""
    statement = select(Project.key, Project.name).where(visible_to(viewer))
    if letters:
        low = letters.lower()
        begins = func.lower(Project.key).startswith(low, autoescape=True)
        statement = statement.where(or_(begins, func.lower(Project.name).contains(low, autoescape=True)))
    rows = read(statement.order_by(Project.updated_at.desc(), Project.id).limit(limit))
    return [ProjectPlace(key, name) for key, name in rows]


def looked_at(ids: Sequence[int], viewer: Viewer | None) -> Sequence[IssueRow]:
    """Those of these issues that are there and that somebody sees, in this order."""
    if not ids:
        return []
    there = LISTED.join(Project, Project.id == Issue.project_id).where(Issue.id.in_(ids), visible_to(viewer))
    found = {row.id: listed(row) for row in read(there)}
    return [found[id] for id in ids if id in found]
