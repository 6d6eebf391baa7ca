from typing import Annotated, Literal

from pydantic import Field

from webapp.issues.schemas import IssueItem
from webapp.types import In, Limit, Line, Out, Slice


class SearchQuery(In):
    q: Annotated[Line, Field(max_length=1000)] = ""
    project: Annotated[Line, Field(max_length=20)] | None = Field(
        None, description="Only in this project: key or id."
    )
    near: Annotated[Line, Field(max_length=20)] | None = Field(
        None, description="The key of a project whose issues come first."
    )
    state: Literal["all", "open", "closed"] = "all"
    order: Literal["relevance", "newest"] = "relevance"
    limit: Limit = 20
    cursor: Annotated[str, Field(max_length=100)] | None = None


class SimilarQuery(In):
    title: Annotated[Line, Field(max_length=1000)] = ""


class PieceOut(Out):
    """A piece of a text, marked where it is what was looked for."""

    text: str
    marked: bool


class HitOut(Out):
    issue: IssueItem
    snippet: list[PieceOut]
    comment: int | None = Field(description="The comment that the snippet is from; null for the issue's own text.")
    found_in: list[Literal["title", "label", "text", "comment"]] = Field(description="Where the words are.")


class SearchOut(Slice[HitOut]):
    """What was found, the best first. `total` is null beyond 300."""

    instead: dict[str, str] = Field(description="Words that nothing has, with those that were looked for instead.")
    warnings: list[str] = Field(description="What it names and is not there, in words.")
