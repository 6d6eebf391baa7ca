from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from webapp.auth.expiring import Expiring
from webapp.auth.limiting import Keys, Limited
from webapp.i18n import N_
from webapp.issues.schemas import IssueItem, IssueQuery
from webapp.types import Formed, In, Name, Out, example

# A list's address and its query, as pages link to it; or an issue's.
ListAddress = Annotated[
    str,
    Formed(
        r"^(/projects/[A-Za-z0-9]{1,19})?/issues(/[1-9][0-9]{0,18})?(\?[!-~]*)?$",
        N_("must be the address of a list of issues or of one, like /projects/KEY/issues?q=is:open"),
    ),
    Field(max_length=2000, examples=["/projects/CAIRN/issues?q=is:open"]),
]


Token = Annotated[str | None, Field(description="A token for feeds: it reads in its owner's name, without a login.")]


class FeedQuery(IssueQuery):
    """Which issues, as the list has it. An export has all of them, whatever `limit` and `cursor` say."""

    token: Token = None


class IssueFeedQuery(In):
    token: Token = None


class IssueLine(IssueItem):
    """An issue in an export: with its text as it was written, and where it is."""

    body: str
    url: str = ""


class FeedTokenIn(Expiring, Limited, json_schema_extra=example(name="My calendar", list="/issues")):
    name: Annotated[Name, Field(description="What it is for, as in: the calendar on my phone.")]
    list: Annotated[ListAddress | None, Field(description="The list or issue to tell the feeds of.")] = None


class FeedTokenOut(Out):
    id: int
    name: str
    last_four: Annotated[str, Field(description="How the secret ends.")]
    created_at: datetime
    expires_at: datetime
    used_on: Annotated[date | None, Field(description="The last day on which it was used.")]
    is_over: Annotated[
        bool, Field(description="It has ended: by its time, or with all logins, as by another password.")
    ]
    projects: Annotated[
        Keys | None,
        Field(description="The keys of those that it is limited to and that there still are; null are all."),
    ]


class FeedAddress(Out):
    format: Literal["atom", "ics", "csv", "jsonl"]
    url: str


class FeedTokenMade(FeedTokenOut):
    token: Annotated[str, Field(description="Told only now.")]
    addresses: Annotated[list[FeedAddress], Field(description="The feeds of `list`, with the token in them.")]
