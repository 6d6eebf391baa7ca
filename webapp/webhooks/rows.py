"""A hook and its deliveries as pages and services know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook; `project_id` is None for one that is told of all projects."""

    id: int
    project_id: int | None
    created_by: int
    url: str
    form: str
    events: Sequence[str]
    salt: bytes
    former_salt: bytes | None
    former_until: datetime | None
    is_on: bool
    failing_since: datetime | None
    ended_by: str | None
    created_at: datetime

    @property
    def host(self) -> str:
        """Whom it tells. The rest of the address may be a secret, as that of a chat room is."""
        return urlsplit(self.url).netloc

    @property
    def place(self) -> str:
        """Which of several to one host it is. The address of a chat room is a secret, and known by its end."""
        parts = urlsplit(self.url)
        if self.form != "standard":
            return f"{parts.netloc}/…{self.url[-4:]}"
        return parts.netloc + parts.path + ("?…" if parts.query else "")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery as the log has it."""

    id: int
    webhook_id: int
    message_id: str
    issues: int
    state: str
    tries: int
    status: int | None
    headers: Mapping[str, str] | None
    answer: str | None
    took: int | None
    created_at: datetime
    tried_at: datetime | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is to be sent, with its hook."""

    id: int
    hook: Hook
    change_id: UUID | None
    first_issue_id: int | None
    last_issue_id: int | None
    issues: int
    message_id: str
    body: str | None
    tries: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, with who caused it, and where its issue is now."""

    id: int
    issue_id: int
    kind: str
    data: Mapping[str, Any]
    created_at: datetime
    actor_id: int
    actor: str
    number: int
    title: str
    project_id: int
    key: str
    project: str

    @property
    def issue_key(self) -> str:
        return f"{self.key}-{self.number}"
