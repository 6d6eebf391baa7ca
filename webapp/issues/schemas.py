from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.issues.models import Priority, Reason, State
from webapp.types import MAX_ID, UNSET, Cursor, In, Limit, Name, Out, Text, Title, Version

Sort = Literal["created-desc", "created-asc", "updated-desc", "updated-asc"]
PersonId = Annotated[int, Field(ge=1, le=MAX_ID)]
Labels = Annotated[list[Name], Field(max_length=50)]
Assignees = Annotated[list[PersonId], Field(max_length=20)]
ClosingReason = Annotated[
    Reason | None, Field(description="Why it is closed; `completed` unless said. Only with `state: closed`.")
]


class IssueIn(In):
    title: Title
    body: Text = ""
    labels: Labels = []
    assignees: Assignees = []
    priority: Priority = Priority.NONE
    due_on: date | None = None


class IssueEdit(In):
    """Only what is sent is changed."""

    title: Title = UNSET
    body: Text = UNSET
    labels: Labels = UNSET
    assignees: Assignees = UNSET
    priority: Priority = UNSET
    due_on: date | None = UNSET
    state: State = UNSET
    close_reason: ClosingReason = UNSET
    version: Version | None = None


class PreviewIn(In):
    body: Text = ""


class IssueQuery(In):
    state: Literal["open", "closed", "all"] = "open"
    label: Annotated[list[Name], Field(max_length=20, description="Carries each of these labels.")] = []
    priority: Annotated[list[Priority], Field(max_length=5, description="Has one of these priorities.")] = []
    author: Annotated[PersonId | None, Field(description="Opened by this person.")] = None
    assignee: Annotated[PersonId | None, Field(description="Assigned to this person.")] = None
    sort: Sort = "created-desc"
    limit: Limit = 50
    cursor: Cursor | None = None


class ThreadQuery(In):
    timeline: Annotated[Literal["all"] | None, Field(description="A page's long timeline, unfolded.")] = None


class LabelRef(Out):
    id: int
    name: str
    color: str
    description: str


class IssueItem(Out):
    """An issue in a list: everything but its text."""

    id: int
    key: str
    number: int
    project_id: int
    title: str
    state: State
    close_reason: Reason | None
    priority: Priority
    author: PersonOut
    assignees: list[PersonOut]
    labels: list[LabelRef]
    due_on: date | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    comment_count: int
    version: int


class IssueOut(IssueItem):
    body: str
    body_html: str
