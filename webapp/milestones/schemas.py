from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from webapp.models.issues import State
from webapp.types import MAX_ID, UNSET, In, Out, Text, Title, Version, example

Description = Annotated[Text, Field(max_length=10_000)]
MilestoneId = Annotated[int, Field(ge=1, le=MAX_ID)]


class MilestoneIn(In, json_schema_extra=example(title="Spring", due_on="2027-03-31")):
    title: Title
    description: Description = ""
    due_on: date | None = None


class MilestoneEdit(In, json_schema_extra=example(due_on="2027-04-30")):
    title: Title = UNSET
    description: Description = UNSET
    due_on: date | None = UNSET
    state: State = UNSET
    move_to: Annotated[
        MilestoneId | None, Field(description="With `state: closed`: the milestone that its open issues go on to.")
    ] = UNSET
    version: Version | None = None


class MilestoneQuery(In):
    state: Literal["open", "closed", "all"] = "all"


class MilestoneOut(Out):
    id: int
    title: str
    description: str
    state: State
    due_on: date | None
    created_at: datetime
    closed_at: datetime | None
    open_issues: int
    closed_issues: int
    version: int
