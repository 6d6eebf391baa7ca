"""What is known of a change when it is heard: its events, and who has to do with its issues."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from webapp.access import Role
from webapp.events.kinds import KINDS, Commented, CommentEdited, Happening, News
from webapp.models.deliveries import Way
from webapp.models.inbox import Reason
from webapp.models.watching import Level


@dataclass(frozen=True, slots=True)
class HeardEvent:
    """Something that happened to an issue."""

    id: int
    issue_id: int
    actor_id: int
    created_at: datetime
    happened: Happening
    private: bool = False  # it tells of a comment that not all who see the issue see

    @property
    def comment(self) -> int | None:
        """The comment that it tells of, if it tells of one."""
        return getattr(self.happened, "comment", None)


@dataclass(frozen=True, slots=True)
class Mention:
    """Since when a text names somebody: that of a comment, or else of the issue."""

    user_id: int
    comment_id: int | None
    at: datetime


@dataclass(slots=True)
class Subject:
    """An issue with what happened to it, and who has to do with it."""

    id: int
    project_id: int
    private: bool
    author_id: int
    assignees: Set[int]
    events: list[HeardEvent] = field(default_factory=list)
    levels: dict[int, Level] = field(default_factory=dict)
    commenters: set[int] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    # Whose views it began to match.
    found_by: set[int] = field(default_factory=set)


# Of other kinds nobody hears; a text that was changed may name somebody.
HEARD = [kind for kind, one in KINDS.items() if one.heard is not None or one is CommentEdited]
OF_COMMENTS = (Commented.kind, CommentEdited.kind)
# What people chose for a project, by the person.
Levels = Mapping[int, Level]


@dataclass(frozen=True, slots=True)
class Heard:
    """That somebody hears of an event, as what, and why."""

    user_id: int
    event: HeardEvent
    reason: Reason
    news: News


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told."""

    id: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery whose time has come, with its issue as it is now; None where there is none any more.

    `is_meant`: whether the issue became the reader's by it, or a text named them. `news` is as what it is told.
    """

    id: int
    user_id: int
    reason: Reason
    news: Sequence[str]
    issue_id: int | None
    number: int
    title: str
    project_id: int
    key: str
    project: str
    is_gone: bool
    is_seen: bool
    is_meant: bool
    private_role: Role | None
    level: Level | None
    project_level: Level | None

    @property
    def issue_key(self) -> str:
        return f"{self.key}-{self.number}"

    @property
    def path(self) -> str:
        return f"/projects/{self.key}/issues/{self.number}"


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a mail tells it: who did it, when, and what they wrote."""

    id: int
    issue_id: int
    who: str
    at: datetime
    happened: Happening
    written: str
    private: bool = False  # that was written for the project's team alone


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody is told of an issue by one way: what happened from the first event to the last."""

    user_id: int
    project_id: int
    issue_id: int
    event_id: int
    last_event_id: int
    way: Way
    reason: Reason
    news: Sequence[News]
    rule: str
