"""A connected repository, what it sent, and what of it names issues, as pages and services know them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from webapp.accounts.rows import Person
from webapp.events.code import COMMIT, MERGE, MERGE_NUMBER, PULL_NUMBER
from webapp.i18n import N_, _
from webapp.models.code_hosts import Arrival, HostKind, Piece
from webapp.webhooks.standing import standing

TITLES = {
    HostKind.GITHUB: "GitHub",
    HostKind.GITLAB: "GitLab",
    HostKind.GITEA: N_("Gitea or Forgejo"),
    HostKind.PLAIN: N_("Plain"),
}
# What the hosts call a merge request, with the sign before its number.
MERGES = {HostKind.GITLAB: MERGE_NUMBER, HostKind.PLAIN: MERGE}
HEADINGS = {HostKind.GITLAB: N_("Merge request !%(ref)s"), HostKind.PLAIN: N_("Merge request %(ref)s")}
PULL = N_("Pull request #%(ref)s")
SHORT = 7


@dataclass(frozen=True, slots=True)
class Host:
    """A connected repository."""

    id: int
    project_id: int
    connector: Person
    kind: str
    url: str | None
    address: str
    salt: bytes
    former_salt: bytes | None
    former_by: int | None
    former_until: datetime | None
    created_at: datetime

    @property
    def hook_url(self) -> str:
        """Where the host sends what happens there."""
        return f"{standing().site}/hooks/{self.address}"

    @property
    def name(self) -> str:
        """What it is called: its path at the host, if that is known."""
        path = urlsplit(self.url or "").path.strip("/")
        return path or self.title

    @property
    def title(self) -> str:
        """Its host."""
        return _(TITLES[HostKind(self.kind)])


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is to be taken."""

    id: int
    host_id: int
    project_id: int
    kind: str
    by_id: int
    event: str
    body: bytes


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """An issue that is said to be fixed, and stays open all the same, and why."""

    key: str
    detail: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A delivery as the log has it for somebody: of issues that they may not see, no more than how many there are."""

    id: int
    message_id: str
    event: str
    state: Arrival
    answer: str
    commits: int
    came_at: datetime
    ended_at: datetime | None
    named: Sequence[str] = ()
    closed: Sequence[str] = ()
    left_open: Sequence[LeftOpen] = ()
    unknown: Sequence[str] = ()
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Logged:
    """The same as it is stored."""

    id: int
    message_id: str
    event: str
    state: str
    answer: str
    commits: int
    came_at: datetime
    ended_at: datetime | None
    by_id: int
    outcome: Any


@dataclass(frozen=True, slots=True)
class Code:
    """A commit or merge request that names an issue."""

    host: str
    kind: str
    ref: str
    title: str
    url: str | None
    author: str
    branch: str
    state: str | None
    closes: bool
    created_at: datetime

    @property
    def called(self) -> str:
        """As it is named in a sentence."""
        return called(self.host, self.kind, self.ref)

    @property
    def heading(self) -> str:
        """The same where it stands alone."""
        if self.kind == Piece.COMMIT:
            return _("Commit %(ref)s", ref=self.ref[:SHORT].lower())
        return _(HEADINGS.get(HostKind(self.host), PULL), ref=self.ref.lower())


@dataclass(frozen=True, slots=True)
class Development:
    """What of the code named an issue last."""

    merge_requests: Sequence[Code] = ()
    commits: Sequence[Code] = ()
    has_more: bool = False


@dataclass(slots=True)
class Outcome:
    """What comes of a delivery: issues by id, but for names that lead nowhere."""

    named: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    left_open: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def called(host: str, kind: str, ref: str) -> str:
    """What a commit or a merge request is called in a sentence."""
    if kind == Piece.COMMIT:
        return f"{COMMIT}{ref[:SHORT]}"
    return f"{MERGES.get(HostKind(host), PULL_NUMBER)}{ref}"
