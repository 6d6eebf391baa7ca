from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from webapp.access import Role, Visibility
from webapp.i18n import N_
from webapp.types import UNSET, Cursor, Formed, In, Limit, Name, Out, Text, Version, clean, example

Key = Annotated[
    str,
    BeforeValidator(lambda value: clean(value).upper() if isinstance(value, str) else value),
    Formed(r"^[A-Za-z][A-Za-z0-9]{1,9}$", N_("must be two to ten letters and digits, a letter first")),
    Field(description="Two to ten letters and digits, a letter first."),
]
Description = Annotated[Text, Field(max_length=10_000)]

PrivateRole = Annotated[
    Literal[Role.REPORTER, Role.MEMBER, Role.MAINTAINER],
    Field(description="From which role on its private issues and comments are seen."),
]


class ProjectIn(In, json_schema_extra=example(name="Dry stone wall")):
    """Without a key, one is made from the name."""

    name: Name
    key: Key | None = None
    description: Description = ""
    visibility: Visibility = Visibility.PRIVATE


class ProjectEdit(In, json_schema_extra=example(description="Walls without mortar.")):
    name: Name = UNSET
    key: Annotated[Key, Field(description="Owners only. The old key goes on leading to the project.")] = UNSET
    description: Description = UNSET
    visibility: Visibility = UNSET
    private_role: PrivateRole = UNSET
    version: Version | None = None


class ProjectRemovalIn(In, json_schema_extra=example()):
    """A page asks for the key to be typed; a client that says DELETE has said enough."""

    confirm: Annotated[str, BeforeValidator(clean), Field(max_length=20)] | None = None


class ProjectQuery(In):
    archived: Annotated[bool, Field(description="Archived projects, and only those.")] = False
    limit: Limit = 50
    cursor: Cursor | None = None


class ProjectOut(Out):
    id: int
    key: str
    name: str
    description: str
    visibility: Visibility
    private_role: PrivateRole
    owner_id: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    importing_since: Annotated[
        datetime | None, Field(description="When an import began that has not brought all of its issues yet.")
    ]
    open_issues: int
    closed_issues: int
    default_view_id: Annotated[int | None, Field(description="The saved view that its list opens with.")]
    version: int
