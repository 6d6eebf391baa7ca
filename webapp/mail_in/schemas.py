from datetime import datetime
from typing import Annotated

from pydantic import Field

from webapp.types import UNSET, In, Out, example


class MailboxIn(In, json_schema_extra=example(is_open=True)):
    is_open: Annotated[bool, Field(description="Whether mail to the project's address becomes an issue.")]
    private: Annotated[bool, Field(description="Whether it becomes a private one; stays as it is if not sent.")] = (
        UNSET
    )


class HeldOut(Out):
    """A mail from somebody who is not known here, or may not open issues: a maintainer decides."""

    id: int
    sender: str
    subject: str
    came_at: datetime
    words: Annotated[str, Field(description="The beginning of what they wrote, 4,000 characters at most.")]
    files: Annotated[list[str], Field(description="What is attached, by name.")]


class MailboxOut(Out):
    address: Annotated[str, Field(description="Where the project takes mail; empty where Cairn takes none.")]
    is_open: bool
    private: Annotated[bool, Field(description="Whether such issues are private.")]
    held: list[HeldOut]
