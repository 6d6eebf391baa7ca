"""What becomes of the work of somebody who leaves a project."""

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.events import service as events
from webapp.events.kinds import Assigned
from webapp.issues import assignments
from webapp.projects.service import ProjectRow


def unassign(project: ProjectRow, person: Person, by: Viewer) -> None:
    """Take somebody from all open issues of the project, with an event in each. In the caller's transaction."""
    issue_ids = assignments.open_ones(project.id, person.id)
    if issue_ids:
        assignments.take(person.id, issue_ids)
        events.record_in_all(issue_ids, project.id, by, Assigned([], [person.name], [], [person.id]))
