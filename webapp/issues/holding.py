"""An issue is held while something that belongs to it is changed."""

from webapp.access import Do, Viewer, require
from webapp.errors import NotFound
from webapp.issues import repository
from webapp.issues.rows import IssueDetail
from webapp.issues.service import read
from webapp.projects.service import ProjectRow


def hold(project: ProjectRow, number: int, by: Viewer) -> None:
    """Let nobody else change an issue until the transaction ends. Raises NotFound, or Gone for one in the trash."""
    require(by, Do.SEE, project)
    if not repository.hold(project.id, number):
        read(project, number, by)
        raise NotFound()  # it came between the two


def locked(project: ProjectRow, number: int, by: Viewer) -> IssueDetail:
    """The same; returns how it is now."""
    hold(project, number, by)
    return read(project, number, by)
