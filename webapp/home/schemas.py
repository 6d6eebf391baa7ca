from webapp.issues.schemas import IssueItem
from webapp.projects.schemas import ProjectOut
from webapp.types import Out


class HomeOut(Out):
    projects: list[ProjectOut]
    recent: list[IssueItem]
