from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from webapp.audit.kinds import BY_WORD
from webapp.i18n import _
from webapp.types import Cursor, In, Limit, Out, Wrong, clean


def _known(word: str) -> str:
    if word not in BY_WORD:
        raise Wrong(_("must be one of the kinds that are noted"))
    return word


Outcome = Literal["ok", "refused"]
Word = Annotated[str, BeforeValidator(clean), Field(max_length=100)]


class OwnQuery(In):
    limit: Limit = 50
    cursor: Cursor | None = None


class ProjectAuditQuery(OwnQuery):
    person: Annotated[
        Word | None, Field(description="Who did it, or whom it was done to: a handle, or the number of a user.")
    ] = None
    kind: (
        Annotated[str, AfterValidator(_known), Field(description="The word of an act, as records have it.")] | None
    ) = None
    outcome: Outcome | None = None
    since: Annotated[date | None, Field(description="The first day, in your time zone.")] = None
    until: Annotated[date | None, Field(description="The last day, in your time zone.")] = None


class AuditQuery(ProjectAuditQuery):
    """`person` may be an e-mail address as well."""

    project: Annotated[
        Word | None, Field(description="Its key, also a former one, or that of one that is deleted.")
    ] = None
    address: Annotated[Word | None, Field(description="The network address that it was done from.")] = None


class AuditActorOut(Out):
    id: int
    name: str
    email: Annotated[str | None, Field(description="For administrators, and oneself.")]


class AuditProjectOut(Out):
    id: int
    key: Annotated[str, Field(description="As it was then.")]


class AuditTargetOut(Out):
    kind: Annotated[str, Field(description="`person`, `sign_in`, `invitation`, `webhook` and so on.")]
    id: int | None
    name: Annotated[str, Field(description="What it was called then.")]


class AuditOut(Out):
    """A record of the audit log. Where somebody came from is told to administrators, and to themselves."""

    id: int
    at: datetime
    kind: Annotated[str, Field(description="What was done, like `authn_login_ok` or `member_added`.")]
    outcome: Outcome
    actor: Annotated[AuditActorOut | None, Field(description="Nobody for a login that failed, and for commands.")]
    project: AuditProjectOut | None
    target: AuditTargetOut | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    sid: Annotated[int | None, Field(description="The login, as `/auth/sign-ins` has it.")]
    request_id: Annotated[str | None, Field(description="As the answer and the log had it.")]
    address: str | None
    agent: str | None
