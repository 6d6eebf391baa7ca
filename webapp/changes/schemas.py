from typing import Annotated

from pydantic import Field

from webapp.types import Out


class RefOut(Out):
    id: int
    name: str


class BelongingsOut(Out):
    """What issues had in a project that another has not. Parents and parts go by their numbers there."""

    labels: list[RefOut]
    milestones: list[RefOut]
    assignees: Annotated[list[RefOut], Field(description="People who are no members of the other project.")]
    statuses: Annotated[list[RefOut], Field(description="Where no status of the same name means the same.")]
    parents: list[RefOut]
    parts: Annotated[list[RefOut], Field(description="Those that do not come along.")]
