from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from webapp.access import Scope
from webapp.auth.expiring import Expiring
from webapp.auth.limiting import Limited
from webapp.types import Name, Out, example


class PersonalTokenIn(Expiring, Limited, json_schema_extra=example(name="Nightly report", scope="read", days=90)):
    """`read` looks, `write` also changes what a member may; `admin` does all that you may, but for what asks for your
    password again.

    `projects` limits it: it sees and changes nothing outside of these.
    """

    name: Annotated[Name, Field(description="What it is for, as in: the nightly report.")]
    scope: Scope


class PersonalTokenOut(Out):
    id: int
    name: str
    scope: Scope
    last_four: Annotated[str, Field(description="How the token ends.")]
    agent: Annotated[str | None, Field(description="What the browser or program calls itself that made it.")]
    created_at: datetime
    expires_at: datetime
    used_on: Annotated[date | None, Field(description="The last day on which it was used.")]
    is_over: bool
    projects: Annotated[
        list[str] | None,
        Field(description="The keys of those that it is limited to and that there still are; null are all."),
    ]


class PersonalTokenMade(PersonalTokenOut):
    token: Annotated[str, Field(description="Told only now.")]
