from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from webapp.access import Viewer
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
