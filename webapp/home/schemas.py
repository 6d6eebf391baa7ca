from typing import Literal

from webapp.issues.schemas import IssueItem
from webapp.projects.schemas import ProjectOut
from webapp.types import In, Out


class AppearanceIn(In):
    theme: Literal["system", "light", "dark"]


class HomeOut(Out):
    projects: list[ProjectOut]
    recent: list[IssueItem]
