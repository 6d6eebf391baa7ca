from typing import Annotated, Literal

from pydantic import Field

from webapp.models.watching import Level
from webapp.types import In, Out, example

Chosen = Annotated[bool, Field(description="Whether they chose it; else it is what everybody has.")]


class ProjectWatchIn(In, json_schema_extra=example(level="new")):
    level: Annotated[
        Level,
        Field(
            description="all: everything; new: new issues, and what you take part in; participating: what you take "
            "part in; nothing: not even what names you."
        ),
    ]


class IssueWatchIn(In, json_schema_extra=example(level="all")):
    level: Annotated[
        Literal[Level.ALL, Level.PARTICIPATING, Level.NOTHING],
        Field(
            description="all: everything; participating: what is said, and what becomes of it, while you take part; "
            "nothing: only when it becomes yours, or a text names you."
        ),
    ]


class ProjectWatchOut(Out):
    level: Level
    chosen: Chosen


class IssueWatchOut(Out):
    level: Level
    chosen: Chosen
    reason: Annotated[
        Literal["assigned", "mentioned", "author", "commented", "watching"] | None,
        Field(description="Why the caller hears of the issue; null for somebody who does not."),
    ]


class ViewWatchOut(Out):
    watched: bool
