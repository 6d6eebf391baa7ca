"""Issues that are changed together: how they are, which are left out, and what comes of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from webapp.access import Viewer
from webapp.changes.belongings import Belongings
from webapp.changes.rows import Row
from webapp.errors import CairnError, Conflict, Forbidden
from webapp.events.kinds import Happening
from webapp.i18n import _
from webapp.models.issues import State
from webapp.projects.service import ProjectRow


@dataclass(frozen=True, slots=True)
class Refusal:
    """An issue that stays as it is, and why."""

    number: int
    detail: str


@dataclass(frozen=True, slots=True)
class Change:
    """What came of changing issues: `id` is what the events share and what undoes them; None if nothing changed."""

    id: UUID | None
    changed: int
    unchanged: int
    refused: list[Refusal]
    kinds: frozenset[str] = frozenset()
    left_behind: Belongings | None = None
    warnings: Sequence[str] = ()  # what the query names that says which issues, and is not there

    @property
    def change_id(self) -> UUID | None:
        """The same, as answers name it."""
        return self.id


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
    """One change of one or many issues, from the locked rows to the events that tell of it.

    `values` go into every issue that changes; `advanced` says what else goes into those whose state does. `left` is
    what issues that went to another project have no longer, `went` how they are called there. `written` is what was
    written last, by its columns. A strict batch is of an issue that somebody has before their eyes: what would leave
    it out is raised.
    """

    project: ProjectRow
    by: Viewer
    rows: dict[int, Row]
    is_strict: bool = False
    refused: list[Refusal] = field(default_factory=list)
    change: UUID = field(default_factory=uuid4)
    values: dict[str, Any] = field(default_factory=dict)
    advanced: dict[int, Advance] = field(default_factory=dict)
    labels: dict[int, Difference] = field(default_factory=dict)
    people: dict[int, Difference] = field(default_factory=dict)
    events: dict[str, dict[int, Happening]] = field(default_factory=dict)
    left: dict[int, Belongings] = field(default_factory=dict)
    went: dict[int, str] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=dict)

    def refuse(self, id: int, detail: str, error: CairnError | None = None) -> None:
        """Leave an issue out, whatever was planned for it so far, and say why. A strict batch raises that."""
        if self.is_strict:
            raise error or Conflict(detail)
        self.refused.append(Refusal(self.rows.pop(id).number, detail))
        planned: list[dict[int, Any]] = [self.advanced, self.labels, self.people, *self.events.values()]
        for of_each in planned:
            of_each.pop(id, None)

    def refuse_where(self, check: Callable[[int], None]) -> None:
        """Leave out the issues of those authors for whom the check raises Forbidden."""
        forbidden: dict[int, Forbidden] = {}
        for author_id in {row.author_id for row in self.rows.values()}:
            try:
                check(author_id)
            except Forbidden as refused:
                forbidden[author_id] = refused
        for id, row in list(self.rows.items()):
            if error := forbidden.get(row.author_id):
                self.refuse(id, _(error.detail), error)

    def tell(self, id: int, happened: Happening) -> None:
        """Note that this happens to an issue."""
        self.events.setdefault(happened.kind, {})[id] = happened

    def events_of(self, ids: Collection[int]) -> list[tuple[int, Happening]]:
        """What happens to these issues, each told by its id."""
        return [(id, of_each[id]) for of_each in self.events.values() for id in ids if id in of_each]

    def take_over(self, part: "Batch") -> None:
        """Let what came of a part of these issues be what came of them."""
        self.refused += part.refused
        left = {one.number for one in part.refused}
        self.rows = {id: row for id, row in self.rows.items() if row.number not in left}
        for kind, of_each in part.events.items():
            self.events.setdefault(kind, {}).update(of_each)

    @property
    def changed(self) -> set[int]:
        """The ids of the issues that something happens to."""
        return {id for of_each in self.events.values() for id in of_each}

    def outcome(self) -> Change:
        """What is answered in the end."""
        changed = len(self.changed)
        refused = sorted(self.refused, key=lambda one: one.number)
        kinds = frozenset(kind for kind, of_each in self.events.items() if of_each)
        left = Belongings.together(self.left.values()) if self.left else None
        return Change(self.change if changed else None, changed, len(self.rows) - changed, refused, kinds, left)
