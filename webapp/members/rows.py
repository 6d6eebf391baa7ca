"""Members and invitations as lists and pages show them."""

from dataclasses import dataclass
from datetime import datetime

from webapp.access import Role
from webapp.accounts.rows import Person


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in a project. The id is that of the person; the address is None where it is not to be shown."""

    id: int
    user: Person
    role: Role
    created_at: datetime
    email: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation with its project. The link is there only in the answer to who made or renewed it;
    one that was `mailed` proves the address."""

    id: int
    project_id: int
    project_key: str
    project_name: str
    email: str
    role: Role
    invited_by: Person
    created_at: datetime
    expires_at: datetime
    is_over: bool
    mailed: bool
    link: str | None = None
