from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.accounts.rows import Person
from webapp.i18n import pgettext, pN_


class Verdict(StrEnum):
    """What is decided: others see it, or see it still; it goes into the trash; its author is blocked as well."""

    KEEP = "keep"
    REMOVE = "remove"
    BLOCK = "block"


class Complaint(StrEnum):
    """Why somebody reports something."""

    SPAM = "spam"
    ABUSE = "abuse"
    SECRET = "secret"  # noqa: S105  no password, but the word for one
    OTHER = "other"


WORDS = {
    Complaint.SPAM: pN_("report", "Spam"),
    Complaint.ABUSE: pN_("report", "Insult or threat"),
    Complaint.SECRET: pN_("report", "Something secret, as a password or an address"),
    Complaint.OTHER: pN_("report", "Something else"),
}


def called(reason: Complaint) -> str:
    """What people read of it."""
    return pgettext(*WORDS[reason])


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says of a post; `reporter` is told to everybody who decides but to the post's own author."""

    reporter: Person | None
    reason: Complaint
    words: str

    @property
    def called(self) -> str:
        return called(self.reason)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An issue, or a comment on it, of which somebody has to decide, since when and why."""

    id: int  # the issue's
    key: str
    number: int
    title: str
    comment: int | None
    author: Person
    excerpt: str
    held: bool
    since: datetime
    version: int
    reports: Sequence[Report] = ()

    @property
    def post(self) -> str:
        """How it is named: by the issue's number, and the comment's if it is one, as in 12c345."""
        return f"{self.number}c{self.comment}" if self.comment is not None else str(self.number)

    @property
    def looked_at(self) -> str:
        """The same, as it is now: 12c345@6."""
        return f"{self.post}@{self.version}"

    @property
    def path(self) -> str:
        """Where it can be looked at."""
        return _path(self.key, self.number, self.comment)


@dataclass(frozen=True, slots=True)
class Left:
    """What was left as it is, and why."""

    post: str
    detail: str

    def key_in(self, project_key: str) -> str:
        """The key of the issue that it is, or stands on."""
        return f"{project_key}-{self.post.partition('@')[0].partition('c')[0]}"


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: how many posts it was carried out on, and which not."""

    done: int
    left: Sequence[Left] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as its maker hears of it."""

    id: int
    key: str
    comment: int | None
    reason: Complaint
    words: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A report as a mail tells of it."""

    project_id: int
    number: int
    key: str
    title: str
    comment: int | None
    author_id: int
    author: str
    reporter: str
    reason: Complaint
    words: str

    @property
    def path(self) -> str:
        """Where it can be looked at."""
        return _path(self.key, self.number, self.comment)

    @property
    def called(self) -> str:
        return called(self.reason)


def _path(key: str, number: int, comment: int | None) -> str:
    issue = f"/projects/{key.rpartition('-')[0]}/issues/{number}"
    return f"{issue}#c{comment}" if comment is not None else issue
