"""What an import reads, whatever tracker it comes from: plain values, cleaned, ready to be stored."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from webapp.issues.models import Priority, Reason, State

GREY = "#7d7871"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class BrokenRecord(Exception):
    """A record of the file that cannot be imported; says which, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the other tracker; `origin` tells them apart, e.g. "github:octocat"."""

    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class LabelRecord:
    name: str
    color: str = GREY
    description: str = ""


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """`origin` tells a comment apart among those of its issue."""

    origin: str
    author: Person
    body: str
    created_at: datetime
    edited_at: datetime | None = None


@dataclass(slots=True)
class IssueRecord:
    number: int
    title: str
    body: str
    author: Person
    created_at: datetime
    updated_at: datetime
    state: State = State.OPEN
    close_reason: Reason | None = None
    closed_at: datetime | None = None
    closed_by: Person | None = None
    priority: Priority = Priority.NONE
    labels: list[LabelRecord] = field(default_factory=list)
    comments: list[CommentRecord] = field(default_factory=list)


@dataclass(slots=True)
class Archive:
    """A whole export. `source` names the tracker and project that it was taken from."""

    source: str
    issues: list[IssueRecord]
    notes: list[str] = field(default_factory=list)


def text(value: str | None) -> str:
    """A text as PostgreSQL can hold it and Cairn keeps it: no NUL or control characters, no half pairs, LF."""
    if not value:
        return ""
    try:
        value.encode()
    except UnicodeEncodeError:  # half a pair somewhere
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def line(value: str | None) -> str:
    return " ".join(text(value).split())


def color(value: str | None) -> str:
    """A colour as #rrggbb; grey for what is none."""
    found = re.fullmatch(r"#?([0-9A-Fa-f]{6})", value or "")
    return f"#{found[1].lower()}" if found else GREY
