from collections.abc import Sequence
from dataclasses import replace

from webapp.members import repository
from webapp.members.repository import MemberRow
from webapp.projects.service import ProjectRow

__all__ = ["MemberRow", "of"]


def of(project: ProjectRow) -> Sequence[MemberRow]:
    """All members of a project, by name; without their addresses."""
    return [replace(member, email=None) for member in repository.of_project(project.id)]
