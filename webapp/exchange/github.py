"""GitHub's issues, in the dresses that exports come in.

- An array of REST issue objects; comments beside it in `comments.json`, or inside each issue under
  `comments_content`, as a list or as JSON text.
- One file an item with its timeline: `{type, issue, events}`, in a folder or a tar.
- The archive of IETF working groups: one object `{repo, labels, issues, pulls}`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, Field, ValidationError

from webapp.exchange import files
from webapp.exchange.records import (
    Archive,
    BrokenRecord,
    CommentRecord,
    IssueRecord,
    LabelRecord,
    Person,
    color,
    headed,
    line,
    number_in,
    text,
    zoned,
)
from webapp.issues.models import Reason, State

PULL_REQUEST = LabelRecord("pull request", "#596ee4", "Came as a pull request")
GHOST = Person("github:ghost", "ghost")
REASONS = {"not_planned": Reason.NOT_PLANNED, "duplicate": Reason.DUPLICATE}


def either(*names: str) -> Any:
    return Field(validation_alias=AliasChoices(*names))


def _login(value: Any) -> Any:
    """An author is an object with a login, or the login itself, or nobody: a deleted account."""
    return value.get("login") if isinstance(value, dict) else value


Time = Annotated[datetime, AfterValidator(zoned)]
Login = Annotated[str | None, BeforeValidator(_login)]


class Comment(BaseModel):
    id: int | str | None = None
    author: Login = Field(None, validation_alias=AliasChoices("user", "author"))
    body: str | None = None
    created_at: Time = either("created_at", "createdAt")
    updated_at: Time | None = Field(None, validation_alias=AliasChoices("updated_at", "updatedAt"))
    issue_url: str = ""


class Label(BaseModel):
    name: str
    color: str | None = None
    description: str | None = None


class Issue(BaseModel):
    number: Annotated[int, Field(ge=1, le=2**62)]
    title: str
    body: str | None = None
    state: str
    state_reason: str | None = Field(None, validation_alias=AliasChoices("state_reason", "stateReason"))
    author: Login = Field(None, validation_alias=AliasChoices("user", "author"))
    labels: list[Label | str] = []
    created_at: Time = either("created_at", "createdAt")
    updated_at: Time | None = Field(None, validation_alias=AliasChoices("updated_at", "updatedAt"))
    closed_at: Time | None = Field(None, validation_alias=AliasChoices("closed_at", "closedAt"))
    closed_by: Login = None
    pull_request: Any = None
    url: str = Field("", validation_alias=AliasChoices("html_url", "url"))
    inside: Any = Field(None, validation_alias=AliasChoices("comments_content", "comments"))


def read(path: Path, *, pull_requests: bool = True) -> Archive:
    """Read an export; raises BrokenRecord, naming the record, for one that is damaged."""
    if path.is_dir() and (inside := files.beside(path / "x", "issues.json")):
        path = inside
    if path.is_dir() or files.is_tar(path):
        return _archive(_items(path), {}, defaultdict(list), pull_requests)
    content = files.load(path)
    if isinstance(content, dict) and "issues" in content:
        return _working_group(content, pull_requests)
    if not isinstance(content, list):
        raise BrokenRecord(f"{path.name} holds neither a list of issues nor an archive with `issues`.")
    named = ((f"record {n} of {path.name}", one, False) for n, one in enumerate(content, 1))
    return _archive(named, {}, _comments_beside(path), pull_requests)


Named = Iterable[tuple[str, Any, bool]]


def _archive(
    items: Named, labels: dict[str, LabelRecord], beside: dict[int, list[Comment]], pull_requests: bool
) -> Archive:
    issues: dict[int, IssueRecord] = {}
    source = ""
    for where, item, is_pull in items:
        issue = _checked(Issue, item, where)
        source = source or _source(issue.url)
        if (is_pull or issue.pull_request) and not pull_requests:
            continue
        if issue.number in issues:
            raise BrokenRecord(f"{where}: issue {issue.number} stands twice.")
        comments = _inside(issue, where) or beside.get(issue.number, [])
        issues[issue.number] = _record(issue, comments, labels, bool(is_pull or issue.pull_request))
    orphans = sum(len(found) for number, found in beside.items() if number not in issues)
    notes = [f"{orphans} comments belong to issues that were not imported."] if orphans else []
    return Archive(source or "github", sorted(issues.values(), key=lambda one: one.number), notes)


def _working_group(content: dict[str, Any], pull_requests: bool) -> Archive:
    listed = [_checked(Label, one, f"label {n}") for n, one in enumerate(content.get("labels") or [], 1)]
    labels = {label.name.lower(): _label(label, {}) for label in listed}
    issues = ((f"issue record {n}", one, False) for n, one in enumerate(content["issues"], 1))
    pulls = ((f"pull record {n}", one, True) for n, one in enumerate(content.get("pulls") or [], 1))
    found = _archive([*issues, *pulls], labels, defaultdict(list), pull_requests)
    found.source = str(content.get("repo") or found.source)
    return found


def _items(path: Path) -> Iterator[tuple[str, Any, bool]]:
    """Of a file with a timeline: its issue, with the comments among the events put inside."""
    for name, content in files.each(path):
        if not isinstance(content, dict):
            raise BrokenRecord(f"{name} holds no issue.")
        issue = content.get("issue", content)
        events = content.get("events") or []
        if not isinstance(issue, dict) or not isinstance(events, list):
            raise BrokenRecord(f"{name} holds no issue.")
        comments = [one for one in events if isinstance(one, dict) and one.get("event") == "commented"]
        yield name, {**issue, "comments_content": comments}, content.get("type") == "pull"


def _comments_beside(path: Path) -> dict[int, list[Comment]]:
    """The comments of `comments.json` in the same folder, by the number of their issue."""
    found: dict[int, list[Comment]] = defaultdict(list)
    file = files.beside(path, "comments.json") if path.name.startswith("issues.json") else None
    if file is None:
        return found
    content = files.load(file)
    if not isinstance(content, list):
        raise BrokenRecord(f"{file.name} holds no list of comments.")
    for n, one in enumerate(content, 1):
        comment = _checked(Comment, one, f"record {n} of {file.name}")
        number = number_in(comment.issue_url.rsplit("/", 1)[-1])
        if number is None:
            raise BrokenRecord(f"record {n} of {file.name}: issue_url names no issue.")
        found[number].append(comment)
    return found


def _inside(issue: Issue, where: str) -> list[Comment]:
    """The comments that stand in the issue itself; a number there only counts them."""
    given = issue.inside
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except json.JSONDecodeError:
            raise BrokenRecord(f"{where}: its comments are not JSON.") from None
    if not isinstance(given, list):
        return []
    return [_checked(Comment, one, f"{where}, comment {n}") for n, one in enumerate(given, 1)]


def _record(issue: Issue, comments: list[Comment], labels: dict[str, LabelRecord], is_pull: bool) -> IssueRecord:
    closed = issue.state.lower() != "open"  # "closed", "CLOSED", and "MERGED" of a pull request
    updated_at = issue.updated_at or issue.created_at
    tied = {label.name.lower(): label for label in (_label(one, labels) for one in issue.labels)}
    if is_pull:
        tied.setdefault(PULL_REQUEST.name, PULL_REQUEST)
    title, body = headed(line(issue.title) or "(without a title)", text(issue.body))
    return IssueRecord(
        number=issue.number,
        title=title,
        body=body,
        author=_person(issue.author),
        created_at=issue.created_at,
        updated_at=updated_at,
        state=State.CLOSED if closed else State.OPEN,
        close_reason=REASONS.get(issue.state_reason or "", Reason.COMPLETED) if closed else None,
        closed_at=(issue.closed_at or updated_at) if closed else None,
        closed_by=_person(issue.closed_by) if issue.closed_by else None,
        labels=list(tied.values()),
        comments=_comments(comments),
    )


def _comments(found: list[Comment]) -> list[CommentRecord]:
    """In their order; those without an id are told apart by author, time and turn."""
    records: dict[str, CommentRecord] = {}
    for comment in found:
        origin = str(comment.id or f"{comment.author}@{comment.created_at.isoformat()}")
        while origin in records:
            origin += "+"
        edited = comment.updated_at if comment.updated_at != comment.created_at else None
        records[origin] = CommentRecord(
            origin, _person(comment.author), text(comment.body) or "(empty)", comment.created_at, edited
        )
    return sorted(records.values(), key=lambda one: one.created_at)


def _label(label: Label | str, known: dict[str, LabelRecord]) -> LabelRecord:
    if isinstance(label, str):
        return known.get(label.lower()) or LabelRecord(line(label) or "?")
    return LabelRecord(line(label.name) or "?", color(label.color), line(label.description))


def _person(login: str | None) -> Person:
    return Person(f"github:{login.lower()}", line(login)) if login else GHOST


def _source(url: str) -> str:
    parts = url.split("/")
    return "/".join(parts[-4:-2]) if len(parts) > 5 else ""


def _checked(model: Any, item: Any, where: str) -> Any:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        number = item.get("number") if isinstance(item, dict) else None
        named = f"{where} (issue {number})" if number else where
        field = ".".join(str(part) for part in fault["loc"])
        raise BrokenRecord(f"{named}: {field or 'the record'}: {fault['msg']}") from None
