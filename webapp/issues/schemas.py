from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from webapp.accounts.schemas import PersonOut
from webapp.i18n import N_
from webapp.issues.feelings import as_told
from webapp.issues.limits import MOST_ASSIGNEES, MOST_LABELS
from webapp.models.issues import Priority, Reason, State
from webapp.models.statuses import Category
from webapp.types import (
    BODY_LIMIT,
    MAX_ID,
    UNSET,
    Cursor,
    Formed,
    In,
    Limit,
    Name,
    Out,
    Slice,
    Summary,
    Text,
    Title,
    Version,
    clean,
    example,
)

Sort = Literal[
    "created-desc", "created-asc", "updated-desc", "updated-asc", "priority-desc", "priority-asc",
    "due-asc", "due-desc", "comments-desc", "comments-asc", "reactions-desc", "reactions-asc",
]  # fmt: skip
Grouping = Literal["status", "assignee", "milestone", "priority"]
Query = Annotated[
    str,
    BeforeValidator(clean),
    Field(max_length=1000, examples=["is:open label:bug assignee:@me sort:updated-desc"]),
]
OpenView = Annotated[
    int | None, Field(ge=1, le=MAX_ID, description="The saved view that a page came from; changes nothing else.")
]
PersonId = Annotated[int, Field(ge=1, le=MAX_ID)]
Labels = Annotated[list[Name], Field(max_length=MOST_LABELS)]
Assignees = Annotated[list[PersonId], Field(max_length=MOST_ASSIGNEES)]
ClosingReason = Annotated[
    Reason | None, Field(description="Why it is closed; `completed` unless said. Only with `state: closed`.")
]

ResolutionNote = Annotated[
    Summary | None,
    AfterValidator(lambda note: note or None),
    Field(description="How it was resolved. Only a closed issue has one."),
]
Private = Annotated[bool, Field(description="Whether only its author, its assignees and the project's team see it.")]
StatusName = Annotated[Name, Field(description="One of the project's statuses; open or closed follows from it.")]
MilestoneId = Annotated[int, Field(ge=1, le=MAX_ID)]
Estimate = Annotated[int, Field(ge=0, le=1000, description="In points.")]
ParentNumber = Annotated[int, Field(ge=1, le=MAX_ID, description="The issue of this project that it is a part of.")]
IssueRef = Annotated[
    str,
    BeforeValidator(lambda value: clean(value).upper() if isinstance(value, str) else value),
    Formed(
        r"^(#?[1-9][0-9]{0,18}|[A-Za-z][A-Za-z0-9]{1,9}-[1-9][0-9]{0,18})$",
        N_("must be the number or key of an issue, like #12 or KEY-12"),
    ),
    Field(max_length=30),
]
ProjectRef = Annotated[
    str,
    BeforeValidator(clean),
    Formed(r"^([A-Za-z][A-Za-z0-9]{1,9}|[0-9]{1,19})$", N_("must be the key or id of a project")),
    Field(examples=["CAIRN"]),
]


Reactions = Annotated[
    dict[str, int],
    BeforeValidator(as_told),
    Field(
        description="How many reactions there are in all, as `total`, and of each kind that somebody chose: "
        "`+1`, `-1`, `laugh`, `hooray`, `confused`, `heart`, `rocket`, `eyes`.",
        examples=[{"total": 3, "+1": 2, "heart": 1}],
    ),
]

TaskLines = list[Annotated[int, Field(ge=0, le=BODY_LIMIT)]]
MOST_TASKS = BODY_LIMIT // 4
# The title of an example.
STONE = "A stone is loose"


class IssueIn(In, json_schema_extra=example(title=STONE, body="The third from the left.", priority="high")):
    title: Title
    body: Text = ""
    private: Private = False
    labels: Labels = []
    assignees: Assignees = []
    priority: Priority = Priority.NONE
    status: StatusName | None = None
    milestone: MilestoneId | None = None
    start_on: date | None = None
    due_on: date | None = None
    estimate: Estimate | None = None
    parent: ParentNumber | None = None


class AlikeEdit(In):
    """What can become of one issue and of many alike. Only what is sent is changed."""

    priority: Priority = UNSET
    status: StatusName = UNSET
    milestone: MilestoneId | None = UNSET
    start_on: date | None = UNSET
    due_on: date | None = UNSET
    estimate: Estimate | None = UNSET
    private: Private = UNSET
    state: State = UNSET
    close_reason: ClosingReason = UNSET
    resolution_note: ResolutionNote = UNSET


class OwnEdit(In):
    """What can become of one issue alone."""

    title: Title = UNSET
    body: Text = UNSET
    labels: Labels = UNSET
    assignees: Assignees = UNSET
    parent: ParentNumber | None = UNSET


class IssueEdit(AlikeEdit, OwnEdit, json_schema_extra=example(priority="low")):
    """Only what is sent is changed."""

    duplicate_of: Annotated[
        IssueRef, Field(description="`#12` or `KEY-12`: closes it as a duplicate of that issue.")
    ] = UNSET
    force: Annotated[
        bool, Field(description="Close it although it has open sub-issues or is blocked by open issues.")
    ] = False
    version: Version | None = None

    @property
    def sent(self) -> dict[str, Any]:
        """The fields that are to be changed, without what only says how."""
        return self.model_dump(exclude_unset=True, exclude={"version", "force"})


class ClosureIn(In, json_schema_extra=example(close_reason="completed")):
    """Why an issue is closed."""

    close_reason: Reason = Reason.COMPLETED
    duplicate_of: IssueRef | None = None
    resolution_note: ResolutionNote = None
    force: bool = False
    version: Version | None = None

    @property
    def sent(self) -> dict[str, Any]:
        """The same of an issue that is closed."""
        return self.model_dump(exclude_none=True, exclude={"version", "force"})


class PreviewIn(In):
    body: Text = ""


class TicksIn(In, json_schema_extra=example(done=[])):
    """Which tasks of a text are done. With `was`, what others ticked since then stays as it is."""

    done: TaskLines = Field(max_length=MOST_TASKS, description="The lines of all done tasks, counted from 0.")
    was: TaskLines | None = Field(
        None, max_length=MOST_TASKS, description="Those that were done when this was chosen."
    )
    version: Version | None = None
    base: Annotated[str | None, Field(max_length=20, description="What a page was made from.")] = None


class IssueQuery(In):
    """Which issues a list shows. Without `q` and `state` these are the open ones."""

    q: Annotated[Query | None, Field(description="In the query language; what the other fields say is added.")] = None
    state: Literal["open", "closed", "all"] = "open"
    label: Annotated[list[Name], Field(max_length=20, description="Carries each of these labels.")] = []
    priority: Annotated[list[Priority], Field(max_length=5, description="Has one of these priorities.")] = []
    author: Annotated[PersonId | None, Field(description="Opened by this person.")] = None
    assignee: Annotated[PersonId | None, Field(description="Assigned to this person.")] = None
    status: Annotated[list[Name], Field(max_length=20, description="Has one of these statuses.")] = []
    milestone: Annotated[MilestoneId | None, Field(description="Belongs to this milestone.")] = None
    sort: Sort = "created-desc"
    group: Annotated[Grouping | None, Field(description="What stands together, before the order within it.")] = None
    view: OpenView = None
    limit: Limit = 50
    cursor: Cursor | None = None


class FilterQuery(In):
    """A list's filter form: the words, what they were when the page was made, and what was chosen beside them."""

    q: Query = ""
    was: Query = ""
    status: str = ""
    label: str = ""
    assignee: str = ""
    milestone: str = ""
    priority: str = ""
    sort: str = "created-desc"
    group: str = ""


class ThreadQuery(In):
    timeline: Annotated[Literal["all"] | None, Field(description="A page's long timeline, unfolded.")] = None
    since: Annotated[
        int | None, Field(ge=1, le=MAX_ID, description="The event from which on a page says that it is new.")
    ] = None
    q: Annotated[Query | None, Field(description="The list that a page's Previous and Next lead through.")] = None
    board: Annotated[
        str | None, Field(max_length=120, description="By what the board has its columns that a page leads back to.")
    ] = None
    cursor: Cursor | None = None


class LabelRef(Out):
    id: int
    name: str
    color: str
    description: str


class MilestoneRef(Out):
    id: int
    title: str


class ParentRef(Out):
    number: int
    key: str
    title: str
    state: State


Held = Annotated[
    bool,
    Field(exclude_if=lambda held: not held, description="Waits for approval, private until then; left out if not."),
]


class IssueItem(Out):
    """An issue in a list: everything but its text."""

    id: int
    key: str
    number: int
    project_id: int
    title: str
    private: bool
    resolution_note: str | None
    start_on: date | None
    due_on: date | None
    estimate: int | None
    state: State
    close_reason: Reason | None
    priority: Priority
    author: PersonOut
    assignees: list[PersonOut]
    labels: list[LabelRef]
    status: str
    status_category: Category
    milestone: MilestoneRef | None
    parent: ParentRef | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    comment_count: int
    reactions: Reactions
    version: int


class IssueList(Slice[IssueItem]):
    """Issues that a query finds, or a part of them."""

    warnings: Annotated[list[str], Field(description="What the query names and is not there, in words.")]


class IssueOut(IssueItem):
    body: str
    body_html: str
    held: Held = False


class FieldOut(Out):
    """A field of the query language: what it asks for, how that is said, and values that it may have."""

    name: str
    meaning: str
    example: str
    values: list[str]
