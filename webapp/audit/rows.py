from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from webapp.audit.kinds import BY_WORD
from webapp.audit.telling import differences
from webapp.i18n import pgettext


class Named(Protocol):
    """Whatever has a number and a name: a person, say."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


class Actor(Named, Protocol):
    """Who acts; `email` is None for who was imported."""

    @property
    def email(self) -> str | None: ...


class Keyed(Protocol):
    """A project."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...


class Whose(NamedTuple):
    """Who acted, as they were called then; without their address where that is nobody's business."""

    id: int
    name: str
    email: str | None


class Where(NamedTuple):
    """In which project, by the key that it had then."""

    id: int
    key: str


class Target(NamedTuple):
    """What an act is about, as it was called then. `person` is the kind that people find themselves by."""

    kind: str
    id: int | None
    name: str


def person(one: Named) -> Target:
    """Somebody's account."""
    return Target("person", one.id, one.name)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which records are looked for: of these kinds, about or by a person, of these projects, in a time."""

    kinds: Sequence[str] | None = None
    person: int | None = None
    projects: Sequence[int] | None = None
    outcome: str | None = None
    address: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A record, in the order of its columns."""

    id: int
    at: datetime
    kind: str
    outcome: str
    actor_id: int | None
    actor_name: str | None
    actor_email: str | None
    sid: int | None
    request_id: str | None
    address: str | None
    agent: str | None
    project_id: int | None
    project_key: str | None
    target_kind: str | None
    target_id: int | None
    target_name: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def actor(self) -> Whose | None:
        return Whose(self.actor_id, self.actor_name or "", self.actor_email) if self.actor_id else None

    @property
    def project(self) -> Where | None:
        return Where(self.project_id, self.project_key or "") if self.project_id else None

    @property
    def target(self) -> Target | None:
        return Target(self.target_kind, self.target_id, self.target_name or "") if self.target_kind else None

    @property
    def differences(self) -> Sequence[tuple[str, str, str]]:
        """What it tells of before and after, for people: what it is called, what it was and is. Empty is not told."""
        return differences(self.before or {}, self.after or {})

    @property
    def title(self) -> str:
        """What was done, for people; the word itself where newer code has noted it."""
        kind = BY_WORD.get(self.kind)
        return pgettext(*kind.title) if kind else self.kind
