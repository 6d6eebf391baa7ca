from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from webapp.auth.schemas import WORDS, Email, OwnZone, Password
from webapp.i18n import _
from webapp.people.rows import State
from webapp.sso.schemas import IdentityOut
from webapp.types import UNSET, Cursor, In, Limit, Name, Out, Wrong, clean, example


class PeopleQuery(In):
    q: Annotated[
        Annotated[str, BeforeValidator(clean), Field(max_length=200)] | None,
        Field(description="What is in their name, handle or address."),
    ] = None
    state: Annotated[
        State | None,
        Field(
            description="`administrators` can log in, and those with `no_factor` by a password alone; not `imported`."
        ),
    ] = None
    limit: Limit = 50
    cursor: Cursor | None = None


Whom = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=320)]


class MergeQuery(In):
    into: Annotated[
        Annotated[str, BeforeValidator(clean), Field(max_length=320)] | None,
        Field(description="Whose account it shall become a part of: an address, a handle or a number."),
    ] = None


class AccountMergeIn(In, json_schema_extra=example(into="2")):
    into: Annotated[
        Whom, Field(description="Whose account it becomes a part of: an address, a handle or a number, as text.")
    ]


class AccountEdit(In):
    """What is sent is changed: first whether they are active, then whether they are an administrator."""

    model_config = ConfigDict(json_schema_extra=example(is_active=False))

    is_active: Annotated[
        bool, Field(description="Whether they may log in. False ends all their logins and tokens.")
    ] = UNSET
    is_admin: Annotated[bool, Field(description="Whether they act as an owner of every project.")] = UNSET

    @model_validator(mode="after")
    def _says_something(self) -> "AccountEdit":
        if not self.model_fields_set:
            raise Wrong(_("must have is_active or is_admin"))
        return self


Days = Annotated[int, Field(ge=1, le=365, description="How far back, from now.")]
MONTH = 30


class PurgeQuery(In):
    last_days: Days = MONTH


class PurgeIn(In):
    """How much of what somebody made goes into the trash, while they are deactivated."""

    model_config = ConfigDict(json_schema_extra=example(last_days=7))

    last_days: Days = MONTH


class MadeOut(Out):
    """What somebody made in these days that goes into the trash."""

    last_days: int
    issues: int
    comments: Annotated[int, Field(description="On issues that stay; with an issue go all of its comments.")]
    archived: Annotated[int, Field(description="Issues and comments that stay, as their projects are archived.")]
    later: Annotated[bool, Field(description="Whether it is too much for one request, and a worker does it.")]


class AccountOut(Out):
    id: int
    name: str
    handle: str | None
    email: Annotated[str | None, Field(description="None for who was imported.")]
    is_active: bool
    is_admin: bool
    has_factor: Annotated[bool, Field(description="Whether a password alone does not let them in.")]
    is_imported: Annotated[bool, Field(description="Whether they are known from an import alone, and cannot log in.")]
    is_nameless: Annotated[
        bool, Field(description="Whether they stand for all whom an import does not name, and can be nobody's.")
    ]
    created_at: datetime


class AccountDetailOut(AccountOut):
    identities: Annotated[
        list[IdentityOut], Field(description="The logins elsewhere by which they come in, the oldest first.")
    ]


class AccountBelongingsOut(Out):
    issues: Annotated[int, Field(description="Opened by them, but for those in the trash; so are comments counted.")]
    comments: int
    assigned: int
    memberships: Annotated[int, Field(description="Where both are in a project, the higher role stays.")]
    owned: Annotated[int, Field(description="Projects in their name.")]
    watches: int
    inbox: int
    views: int
    reactions: int
    mentions: int
    files: int
    identities: Annotated[int, Field(description="Logins elsewhere, which lead to the other account then.")]
    sign_ins: Annotated[int, Field(description="Logins and personal access tokens, which end; as do the following.")]
    feed_tokens: int
    factors: int


class MergingOut(Out):
    account: AccountOut
    into: AccountOut | None
    belongings: AccountBelongingsOut
    password_of: Annotated[
        str | None, Field(description="The directory whose password is that of the other account from then on.")
    ]


class ClaimIn(In, json_schema_extra=example(email="octocat@example.org")):
    email: Annotated[
        Email | None, Field(description="Where the invitation goes; null is where the last one went.")
    ] = None


class ClaimOut(Out):
    email: str
    created_at: datetime
    expires_at: datetime
    is_over: Annotated[bool, Field(description="Whether nobody has followed it in time.")]
    link: Annotated[str | None, Field(description="Only in the answer to who made it, where no mail reaches people.")]


class ClaimedOut(Out):
    """Whom somebody imported is to whoever holds the link of an invitation to be them."""

    name: str
    email: str
    issues: Annotated[int, Field(description="Opened by them; all of this becomes yours.")]
    comments: int
    assigned: int
    expires_at: datetime


class ClaimantIn(In, json_schema_extra=example(name="Grace", password=WORDS)):
    """The account of somebody imported, with the address that was invited."""

    name: Name
    password: Password
    time_zone: OwnZone = "UTC"
