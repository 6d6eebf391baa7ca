from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.i18n import _
from webapp.i18n.formats import listed
from webapp.models.deliveries import Way
from webapp.models.watching import DEFAULT, Level
from webapp.paging import Cut


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """What somebody was told by one way, or is to be: of what `actor` did, by kinds of events and in words."""

    id: int
    user: Named
    actor: Named | None
    kinds: Sequence[str]
    words: Sequence[str]
    first_event: int
    last_event: int
    way: str
    reason: str
    rule: str
    state: str
    answer: str | None
    due_at: datetime | None
    created_at: datetime
    sent_at: datetime | None

    @property
    def did(self) -> str:
        """What was done, as half a sentence."""
        return listed(self.words or [_("changed this")])

    @property
    def told_at_once(self) -> tuple[int, int, int]:
        """The same for all ways by which somebody was told of the same."""
        return self.user.id, self.first_event, self.last_event


@dataclass(frozen=True, slots=True)
class Unheard:
    """An event that somebody was not told of; `waits` where the worker did not get to it yet."""

    id: int
    kind: str
    did: str
    actor: Named
    created_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """The same, with why that is, as far as it can be known afterwards."""

    id: int
    kind: str
    did: str
    actor: Named
    created_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to an issue now."""

    is_seen: bool
    level: Level | None
    project_level: Level | None
    takes_part: bool

    @property
    def hears(self) -> Level:
        """How much of the issue they want to hear."""
        return self.level or self.project_level or DEFAULT


@dataclass(slots=True)
class Account(Cut[DeliveryRow]):
    """What was told, and what was not."""

    missed: Sequence[Missed] = ()

    @property
    def told(self) -> list[list[DeliveryRow]]:
        """What is on this page, with all ways of the same together, the inbox first."""
        found: dict[tuple[int, int, int], list[DeliveryRow]] = {}
        for one in sorted(self.items, key=lambda one: one.way != Way.INBOX):
            found.setdefault(one.told_at_once, []).append(one)
        return sorted(found.values(), key=lambda ways: -max(one.id for one in ways))
