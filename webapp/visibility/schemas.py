from typing import Annotated

from pydantic import Field

from webapp.access import Visibility
from webapp.accounts.schemas import PersonOut
from webapp.issues.schemas import ProjectRef
from webapp.projects.schemas import PrivateRole
from webapp.types import Cursor, In, Limit, Out, Slice
from webapp.visibility.rows import Audience, Ground

_TOLD = "Tell in `reveals` what others would see "


class SeenQuery(In):
    limit: Limit = 50
    cursor: Cursor | None = None


class ProjectSeenQuery(SeenQuery):
    """Who sees a project; and what would become visible if it had another visibility."""

    to: Annotated[Visibility | None, Field(description=f"{_TOLD}if the project had this visibility.")] = None
    private_role: Annotated[
        PrivateRole | None, Field(description=f"{_TOLD}if what is private were seen from this role on.")
    ] = None


class IssueSeenQuery(SeenQuery):
    """Who sees an issue; and what would become visible by one of the changes that are named."""

    to: Annotated[
        Visibility | None,
        Field(description=f"{_TOLD}if the issue were not private: `public`."),
    ] = None
    comment: Annotated[
        int | None, Field(ge=1, description=f"{_TOLD}if this private comment, by its id, were not private.")
    ] = None
    project: Annotated[ProjectRef | None, Field(description=f"{_TOLD}if it moved there: a key or id.")] = None


class OnlookerOut(Out):
    """Somebody who is named as one who sees it."""

    id: Annotated[int, Field(description="The id of the person.")]
    user: PersonOut
    reasons: Annotated[list[Ground], Field(description="Why: their role in the project, or what else they are.")]
    sees_private: Annotated[
        bool,
        Field(description="Whether they see each private issue and comment there, too; all see their own."),
    ]


class RevealOut(Out):
    """What a change would let others see, and whom."""

    audience: Audience
    people: Annotated[int | None, Field(description="How many more, where these are people who are named.")]
    issues: int
    comments: int
    attachments: int


class SeenOut(Slice[OnlookerOut]):
    """Who sees something: those who are named, by name, and `audience`, which may be wider.

    `named`: these alone. `accounts`: everybody who has an account. `everyone`: anybody. Administrators of the
    installation see everything; they are named to those who see the project's private issues.
    """

    visibility: Annotated[Visibility, Field(description="That of the project.")]
    private: Annotated[bool, Field(description="Whether the issue is.")]
    audience: Audience
    reveals: Annotated[
        list[RevealOut], Field(description="What the change that was asked for lets others see; empty for nothing.")
    ]
