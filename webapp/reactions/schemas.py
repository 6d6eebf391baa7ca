from typing import Annotated, Literal

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.types import Out

Name = Literal["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"]


class ReactionOut(Out):
    """Those who react to something in one way."""

    name: Name
    emoji: str
    count: int
    mine: Annotated[bool, Field(description="Whether the caller is one of them.")]
    people: Annotated[list[PersonOut], Field(description="The first hundred of them.")]
