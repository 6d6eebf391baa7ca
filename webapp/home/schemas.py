from datetime import datetime
from typing import Any, Literal

from webapp.accounts.schemas import PersonOut
from webapp.issues.schemas import IssueItem
from webapp.members.schemas import OwnInvitationOut
from webapp.projects.schemas import ProjectOut
from webapp.types import UNSET, In, Out


class AppearanceIn(In):
    theme: Literal["system", "light", "dark"] = UNSET
    density: Literal["comfortable", "compact"] = UNSET


class DeedOut(Out):
    """Something that somebody did to an issue: the kind of event, or `commented`."""

    kind: str
    data: dict[str, Any]
    at: datetime
    actor: PersonOut
    project_key: str
    number: int
    title: str
    comment_id: int | None


class HomeOut(Out):
    """What waits for the caller, ten of each at most; to nobody the latest of what is public, as `recent`."""

    projects: list[ProjectOut]
    assigned: list[IssueItem]
    mentioned: list[IssueItem]
    due: list[IssueItem]
    viewed: list[IssueItem]
    reported: list[IssueItem]
    activity: list[DeedOut]
    recent: list[IssueItem]
    invitations: list[OwnInvitationOut]
