from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from webapp.access import Role
from webapp.accounts.schemas import PersonOut
from webapp.auth.schemas import WORDS, Email, OwnZone, Password
from webapp.i18n import _
from webapp.types import MAX_ID, In, Name, Out, Wrong, example


class MemberIn(In, json_schema_extra=example(email="grace@example.org", role="member")):
    email: Email
    role: Role = Role.MEMBER


class MemberEdit(In, json_schema_extra=example(role="member")):
    role: Role


class MemberOut(Out):
    id: Annotated[int, Field(description="The id of the person.")]
    user: PersonOut
    role: Role
    email: Annotated[str | None, Field(description="Null but to those who say who is in the project.")]
    created_at: datetime


class InvitationOut(Out):
    id: int
    email: str
    role: Role
    invited_by: PersonOut
    created_at: datetime
    expires_at: datetime
    link: Annotated[str | None, Field(description="Only in the answer to who made or renewed it.")]


class InvitedOut(Out):
    """An invitation as whoever holds its link sees it."""

    project_key: str
    project_name: str
    email: str
    role: Role
    invited_by: PersonOut
    expires_at: datetime


class OwnInvitationOut(InvitedOut):
    """One that went to the address of who asks. POST at `/invitations/own/<id>` takes it, DELETE declines it."""

    id: int


class NewcomerIn(In, json_schema_extra=example(name="Grace", password=WORDS)):
    """A new account for the address that was invited."""

    name: Name
    password: Password
    time_zone: OwnZone = "UTC"


class TransferIn(In, json_schema_extra=example(email="grace@example.org")):
    """One of the two: a member's id, or the address of anybody who has an account."""

    user_id: Annotated[int, Field(ge=1, le=MAX_ID)] | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "TransferIn":
        if (self.user_id is None) == (self.email is None):
            raise Wrong(_("must have either user_id or email"))
        return self
