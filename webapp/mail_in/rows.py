"""A mail that came in, and who may have sent it."""

from dataclasses import dataclass
from datetime import datetime

from webapp.access import Viewer


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """A mail that waits to be taken; `issue_id` is what was made of it already."""

    id: int
    recipient: str
    source: bytes
    issue_id: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may log in here, and what their tokens are made of."""

    viewer: Viewer
    epoch: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A project that takes mail, and whether it makes private issues of it."""

    project_id: int
    private: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue is now."""

    project_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a mail that could not be taken as it was meant; `issue_id` is what was made of it."""

    subject: str
    answer: str
    came_at: datetime
    is_taken: bool
    recipient: str
    issue_id: int | None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A mail that waits for a decision; `source` is only read where one is taken."""

    id: int
    sender: str
    subject: str
    came_at: datetime
    words: str
    files: list[str]
    source: bytes = b""


@dataclass(frozen=True, slots=True)
class HeldIn:
    """How many mails wait in a project, by its key."""

    project: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A project's own address, and what waits there."""

    address: str
    is_open: bool
    private: bool
    held: list[HeldRow]
