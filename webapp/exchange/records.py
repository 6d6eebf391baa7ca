"""What an import reads, whatever tracker it comes from: plain values, cleaned, ready to be stored."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from webapp.exchange.ledger import ISSUES, Ledger
from webapp.models.accounts import UNSAID
from webapp.models.issues import Priority, Reason, State
from webapp.types import TITLE_LIMIT

GREY = "#7d7871"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class BrokenRecord(Exception):
    """A record of the file that cannot be imported; says which, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the other tracker; `origin` tells them apart, e.g. "github:octocat"."""

    origin: str
    name: str


# Whoever did what the archive tells of without saying who. Nobody is said to have done what they may not have.
SOMEBODY = Person(UNSAID, "Somebody")


@dataclass(frozen=True, slots=True)
class LabelRecord:
    name: str
    color: str = GREY
    description: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneRecord:
    """`origin` tells a milestone apart among those of all projects, and finds it again when it is renamed here."""

    origin: str
    title: str
    description: str
    due_on: date | None
    created_at: datetime
    closed_at: datetime | None

    @property
    def state(self) -> State:
        return State.CLOSED if self.closed_at else State.OPEN


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
    """`origin` is its own: the project over there that it belongs to, and its number in it.

    `unsaid` names what the archive does not tell of at all, which is not the same as telling that there is none.
    """

    origin: str
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
    milestone: MilestoneRecord | None = None
    assignees: list[Person] = field(default_factory=list)
    unsaid: frozenset[str] = frozenset()
    kind: str = ISSUES
    labels: list[LabelRecord] = field(default_factory=list)
    comments: list[CommentRecord] = field(default_factory=list)


@dataclass(slots=True)
class Archive:
    """A whole export. `source` names the tracker and project that it was taken from."""

    source: str
    issues: list[IssueRecord]
    ledger: Ledger = field(default_factory=Ledger)


def text(value: str | None) -> str:
    """A text as PostgreSQL can hold it and Cairn keeps it: no NUL or control characters, no half pairs, LF."""
    if not value:
        return ""
    try:
        value.encode()
    except UnicodeEncodeError:  # half a pair somewhere
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def short(value: str, limit: int) -> str:
    """A line that is not longer than it may be here."""
    return value if len(value) <= limit else f"{value[: limit - 1]}…"


def line(value: str | None) -> str:
    return " ".join(text(value).split())


def headed(title: str, body: str) -> tuple[str, str]:
    """Title and text as Cairn keeps them: a title that is too long to be edited here goes on in the text."""
    if len(title) <= TITLE_LIMIT:
        return title, body
    return f"{title[: TITLE_LIMIT - 1]}…", f"{title}\n\n{body}".rstrip()


def zoned(value: datetime) -> datetime:
    """A time without a zone is one in UTC. Raises ValueError for one that UTC has no year for."""
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def number_in(word: str) -> int | None:
    """The issue number that a word is; None for another. Python counts more characters as digits than it reads."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 20 else None


def color(value: str | None) -> str:
    """A colour as #rrggbb; grey for what is none."""
    match = re.fullmatch(r"#?([0-9A-Fa-f]{6})", value or "")
    return f"#{match[1].lower()}" if match else GREY
