from typing import Annotated
from uuid import UUID

from pydantic import Field

from webapp.bulk.schemas import ChosenQuery, Number
from webapp.changes.schemas import BelongingsOut
from webapp.issues.schemas import IssueOut, ProjectRef
from webapp.types import In, Out, example


class MoveIn(In, json_schema_extra=example(project="OTHER")):
    """Where an issue goes: a project's key or id."""

    project: ProjectRef


class MoveQuery(In):
    project: Annotated[ProjectRef | None, Field(description="Only this one, by its key or id.")] = None


class ManyQuery(ChosenQuery, MoveQuery):
    """Which issues: those that match `q`, those with these `numbers`, or those that are both."""

    # Of any size they still fit into an address.
    numbers: Annotated[list[Number], Field(max_length=100)] = []


class TargetOut(Out):
    """A project that an issue can go to, and what would stay behind then."""

    id: int
    key: str
    name: str
    left_behind: BelongingsOut


class MovedOut(IssueOut):
    """The issue where it is now."""

    left_behind: Annotated[BelongingsOut, Field(description="What it had and could not take along.")]
    change_id: Annotated[UUID, Field(description="What undoes it.")]
