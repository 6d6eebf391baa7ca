"""Issues that are changed together: how they are, which are left out, and what comes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from webapp.access import Viewer
from webapp.errors import Forbidden
from webapp.events.kinds import Happening
from webapp.issues.models import Priority, State
from webapp.projects.service import ProjectRow


@dataclass(frozen=True, slots=True)
class Row:
    """An issue as it is before."""

    id: int
    number: int
    title: str
    author_id: int
    state: str
    close_reason: str | None
    status_id: int
    priority: Priority
    milestone_id: int | None
    parent_id: int | None
    start_on: date | None
    due_on: date | None
    estimate: int | None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An issue that stays as it is, and why."""

    number: int
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of changing many issues."""

    changed: int
    unchanged: int
    refused: list[Refusal]
    change_id: UUID | None


class Advance(NamedTuple):
    """What an issue's row gets on its way through the statuses; None stays as it is."""

    status_id: int | None = None
    state: State | None = None
    reason: str | None = None


class Difference(NamedTuple):
    """What an issue gets and what it loses, by id."""

    added: Sequence[int]
    removed: Sequence[int]


@dataclass(slots=True)
class Batch:
    """One change of many issues, from the locked rows to the events that tell of it.

    `values` go into every issue that changes; `advanced` says what else goes into those whose state does.
    """

    project: ProjectRow
    by: Viewer
    rows: dict[int, Row]
    refused: list[Refusal] = field(default_factory=list)
    change: UUID = field(default_factory=uuid4)
    values: dict[str, Any] = field(default_factory=dict)
    advanced: dict[int, Advance] = field(default_factory=dict)
    labels: dict[int, Difference] = field(default_factory=dict)
    people: dict[int, Difference] = field(default_factory=dict)
    events: dict[str, dict[int, Happening]] = field(default_factory=dict)

    def refuse(self, id: int, detail: str) -> None:
        """Leave an issue out, whatever was planned for it so far, and say why."""
        self.refused.append(Refusal(self.rows.pop(id).number, detail))
        planned: list[dict[int, Any]] = [self.advanced, self.labels, self.people, *self.events.values()]
        for of_each in planned:
            of_each.pop(id, None)

    def refuse_where(self, check: Callable[[int], None]) -> None:
        """Leave out the issues of those authors for whom the check raises Forbidden."""
        forbidden: dict[int, str] = {}
        for author_id in {row.author_id for row in self.rows.values()}:
            try:
                check(author_id)
            except Forbidden as refused:
                forbidden[author_id] = refused.detail
        for id, row in list(self.rows.items()):
            if row.author_id in forbidden:
                self.refuse(id, forbidden[row.author_id])

    def tell(self, id: int, happened: Happening) -> None:
        """Note that this happens to an issue."""
        self.events.setdefault(happened.kind, {})[id] = happened

    @property
    def changed(self) -> set[int]:
        """The ids of the issues that something happens to."""
        return {id for told in self.events.values() for id in told}

    def outcome(self) -> Outcome:
        """What is answered in the end."""
        changed = len(self.changed)
        refused = sorted(self.refused, key=lambda one: one.number)
        return Outcome(changed, len(self.rows) - changed, refused, self.change if changed else None)
