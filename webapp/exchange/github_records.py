"""GitHub's objects, as its answers, its command line and archives write them, and what Cairn makes of them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, Field, ValidationError

from webapp.exchange.ledger import ISSUES, PULLS
from webapp.exchange.records import (
    BrokenRecord,
    CommentRecord,
    IssueRecord,
    LabelRecord,
    MilestoneRecord,
    Person,
    color,
    headed,
    line,
    short,
    text,
    zoned,
)
from webapp.models.accounts import GHOST
from webapp.models.issues import Reason, State
from webapp.types import TITLE_LIMIT

PULL_REQUEST = LabelRecord("pull request", "#596ee4", "Came as a pull request")
NOBODY = Person(GHOST, "ghost")
REASONS = {"not_planned": Reason.NOT_PLANNED, "duplicate": Reason.DUPLICATE}
STATES = ("open", "closed", "merged")
NAME_LIMIT = 100
DESCRIPTION_LIMIT = 10_000


def either(*names: str) -> Any:
    return Field(validation_alias=AliasChoices(*names))


def _maybe(*names: str) -> Any:
    return Field(None, validation_alias=AliasChoices(*names))


def _login(value: Any) -> Any:
    """A person is an object with a login, or the login itself, or nobody: a deleted account."""
    login = value.get("login") if isinstance(value, dict) else value
    return short(line(login), NAME_LIMIT) if isinstance(login, str) else login


def _state(value: str) -> str:
    if value.lower() not in STATES:
        raise ValueError("must be open, closed or merged")
    return value.lower()


Time = Annotated[datetime, AfterValidator(zoned)]
Login = Annotated[str | None, BeforeValidator(_login)]


class Comment(BaseModel):
    id: int | str | None = None
    author: Login = _maybe("user", "author")
    body: str | None = None
    created_at: Time = either("created_at", "createdAt")
    updated_at: Time | None = _maybe("updated_at", "updatedAt")
    issue_url: str = ""


class Label(BaseModel):
    name: str
    color: str | None = None
    description: str | None = None


class Milestone(BaseModel):
    number: int | None = None
    title: str
    description: str | None = None
    state: Annotated[str, AfterValidator(_state)] = "open"
    due_on: Time | None = _maybe("due_on", "dueOn")
    created_at: Time | None = _maybe("created_at", "createdAt")
    closed_at: Time | None = _maybe("closed_at", "closedAt")


class Issue(BaseModel):
    number: Annotated[int, Field(ge=1, lt=10**12)]
    title: str
    body: str | None = None
    state: Annotated[str, AfterValidator(_state)]
    state_reason: str | None = _maybe("state_reason", "stateReason")
    author: Login = _maybe("user", "author")
    labels: list[Label | str] = []
    milestone: Milestone | None = None
    assignees: list[Login] | None = None
    assignee: Login = None
    created_at: Time = either("created_at", "createdAt")
    updated_at: Time | None = _maybe("updated_at", "updatedAt")
    closed_at: Time | None = _maybe("closed_at", "closedAt")
    closed_by: Login = _maybe("closed_by", "closedBy")
    merged_by: Login = _maybe("merged_by", "mergedBy")
    pull_request: Any = None
    url: str = Field("", validation_alias=AliasChoices("html_url", "url"))
    inside: Any = _maybe("comments_content", "comments")


def checked(model: Any, item: Any, where: str) -> Any:
    """The object as its model; raises BrokenRecord, which says where and in which field it is damaged."""
    try:
        return model.model_validate(item)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        number = item.get("number") if isinstance(item, dict) else None
        named = f"{where} (issue {number})" if number else where
        field = ".".join(str(part) for part in fault["loc"])
        raise BrokenRecord(
            f"{named}: {field or 'the record'}: {fault['msg'].removeprefix('Value error, ')}"
        ) from None


def repository_of(url: str) -> str:
    """owner/name, of the address of an issue or a pull request; nothing for another address."""
    parts = url.split("/")
    return "/".join(parts[-4:-2]) if len(parts) > 5 else ""


def record(
    issue: Issue, comments: list[CommentRecord], labels: dict[str, LabelRecord], source: str, *, is_pull: bool
) -> IssueRecord:
    """The issue as Cairn keeps it. `labels` are those that the archive describes elsewhere, by lower name."""
    tied = {label.name.lower(): label for label in (_label(one, labels) for one in issue.labels)}
    if is_pull:
        tied.setdefault(PULL_REQUEST.name, PULL_REQUEST)
    title, body = headed(line(issue.title) or "(without a title)", text(issue.body))
    return IssueRecord(
        origin=f"{source}#{issue.number}",
        number=issue.number,
        title=title,
        body=body,
        author=_person(issue.author),
        created_at=issue.created_at,
        updated_at=issue.updated_at or issue.created_at,
        **_closing(issue),
        milestone=_milestone(issue.milestone, source, issue.created_at) if issue.milestone else None,
        assignees=_assignees(issue),
        unsaid=_unsaid(issue),
        kind=PULLS if is_pull else ISSUES,
        labels=list(tied.values()),
        comments=comments,
    )


def _closing(issue: Issue) -> dict[str, Any]:
    """Whether it is closed, and then why, when and by whom."""
    if issue.state == "open":
        return {"state": State.OPEN, "close_reason": None, "closed_at": None, "closed_by": None}
    closer = issue.closed_by or issue.merged_by
    return {
        "state": State.CLOSED,
        "close_reason": REASONS.get((issue.state_reason or "").lower(), Reason.COMPLETED),
        "closed_at": issue.closed_at or issue.updated_at or issue.created_at,
        "closed_by": _person(closer) if closer else None,
    }


def comment_records(comments: list[Comment]) -> list[CommentRecord]:
    """In their order; those without an id are told apart by author, time and turn."""
    records: dict[str, CommentRecord] = {}
    for comment in comments:
        origin = str(comment.id or f"{comment.author}@{comment.created_at.isoformat()}")
        while origin in records:
            origin += "+"
        edited = comment.updated_at if comment.updated_at != comment.created_at else None
        records[origin] = CommentRecord(
            origin, _person(comment.author), text(comment.body) or "(empty)", comment.created_at, edited
        )
    return sorted(records.values(), key=lambda one: one.created_at)


def label_record(label: Label) -> LabelRecord:
    return LabelRecord(line(label.name) or "?", color(label.color), line(label.description))


def _label(label: Label | str, known: dict[str, LabelRecord]) -> LabelRecord:
    if isinstance(label, str):
        return known.get(label.lower()) or LabelRecord(line(label) or "?")
    return label_record(label)


def _milestone(milestone: Milestone, source: str, since: datetime) -> MilestoneRecord:
    title = short(line(milestone.title) or "(without a title)", TITLE_LIMIT)
    created_at = milestone.created_at or since
    closed = milestone.state != "open"
    return MilestoneRecord(
        origin=f"{source}/milestones/{milestone.number or title}",
        title=title,
        description=text(milestone.description)[:DESCRIPTION_LIMIT],
        due_on=milestone.due_on.date() if milestone.due_on else None,
        created_at=created_at,
        closed_at=(milestone.closed_at or created_at) if closed else None,
    )


def _assignees(issue: Issue) -> list[Person]:
    named = issue.assignees if issue.assignees is not None else [issue.assignee] * (issue.assignee is not None)
    return list({person.origin: person for person in map(_person, named)}.values())


def _unsaid(issue: Issue) -> frozenset[str]:
    said = issue.model_fields_set
    told = {"milestone": "milestone" in said, "assignees": bool(said & {"assignees", "assignee"})}
    return frozenset(name for name, is_told in told.items() if not is_told)


def _person(login: str | None) -> Person:
    return Person(f"github:{login.lower()}", login) if login else NOBODY
