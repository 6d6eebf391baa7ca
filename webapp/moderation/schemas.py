from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from webapp.accounts.schemas import PersonOut
from webapp.moderation.rows import Complaint, Verdict
from webapp.types import In, Out, clean, example

# Of an issue, and of a comment if one is meant.
POST = r"^[0-9]{1,9}(c[1-9][0-9]{0,17})?$"
# As it was when somebody looked at it.
LOOKED_AT = POST.replace("$", r"(@[0-9]{1,9})?$")
Post = Annotated[
    str,
    Field(
        pattern=POST,
        description="The number of the issue; a comment's behind a `c`, as in `12c345`.",
        examples=["12", "12c345"],
    ),
]

LookedAt = Annotated[
    str,
    Field(
        pattern=LOOKED_AT,
        description="A post; it is left if it is not at the version behind an `@`, as in `12c345@6`, any more.",
        examples=["12", "12@3", "12c345@6"],
    ),
]


class DecisionIn(In, json_schema_extra=example(posts=["1"], verdict="keep")):
    """What becomes of posts: `keep` lets others see them, `remove` trashes them, `block` authors, too."""

    posts: Annotated[list[LookedAt], Field(min_length=1, max_length=100)]
    verdict: Verdict


class ReportIn(In, json_schema_extra=example(reason="spam")):
    """What is wrong with an issue, or with a comment."""

    reason: Complaint
    words: Annotated[str, BeforeValidator(clean), Field(max_length=1000)] = ""


class ReportOut(Out):
    """Who is told of a report hears more; its maker hears this."""

    id: int
    key: str
    comment: int | None
    reason: Complaint
    words: str
    created_at: datetime


class ReporterOut(Out):
    """What somebody says of a post."""

    reporter: Annotated[PersonOut | None, Field(description="Null to the author of the post.")]
    reason: Complaint
    words: str


class WaitingOut(Out):
    """An issue, or a comment on it, of which somebody has to decide."""

    post: Post
    key: str
    number: int
    title: str
    comment: Annotated[int | None, Field(description="The id of the comment, if it is one.")]
    author: PersonOut
    excerpt: str
    held: Annotated[bool, Field(description="Waits for approval: others do not see it.")]
    since: datetime
    version: int
    reports: list[ReporterOut]


class LeftOut(Out):
    """What was left as it is, and why."""

    post: str
    detail: str


class DecidedOut(Out):
    """What came of a decision."""

    done: Annotated[int, Field(description="On how many posts it was carried out.")]
    left: list[LeftOut]
