"""A card is moved: into another column, which is an ordinary change of the issue, and to a place in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from webapp.access import Do, Viewer, require
from webapp.board import ranks, repository
from webapp.board.schemas import CardMoveIn
from webapp.board.service import SEVERAL, Column, columns_of
from webapp.changes.batch import Change
from webapp.db import transaction
from webapp.editing import one as editing
from webapp.errors import Invalid
from webapp.i18n import Whole, _
from webapp.i18n.formats import one_of
from webapp.projects.service import ProjectRow

# So many cards share the room anew where a key has become too long.
SPREAD = 50


@dataclass(frozen=True, slots=True)
class MovedCard:
    """Where a card is now, and what was changed of the issue itself for that, if anything."""

    number: int
    column: str
    name: str
    rank: str
    change: Change | None
    is_shared: bool = False

    @property
    def card(self) -> str:
        """The id of the card on the page: with its column, where it may stand in several."""
        return f"card-{self.number}-{quote(self.column)}" if self.is_shared else f"card-{self.number}"


@transaction
def move(project: ProjectRow, wanted: CardMoveIn, by: Viewer) -> MovedCard:
    """Put a card into a column, between others. To move it within its column changes nothing else of the issue.

    Raises Conflict for an issue that cannot be closed without force.
    """
    require(by, Do.EDIT_ISSUE, project)
    editing.locked(project, wanted.number, by)  # its column stays what it is until it is moved
    columns = columns_of(project, wanted.by)
    source = _source(project, columns, wanted)
    target = source if wanted.column is None else _named(columns, wanted.column, "column")
    change = None
    if target is not source:
        change = editing.change(project, wanted.number, _sent(source, target, columns), by, force=wanted.force)
    rank = _rank(project, target, wanted)
    repository.put(project.id, wanted.number, rank)
    return MovedCard(wanted.number, target.key, target.name, rank, change, target.sets in SEVERAL)


def _source(project: ProjectRow, columns: Sequence[Column], wanted: CardMoveIn) -> Column:
    """The column that the card leaves: the one that was said, or the first that it is in."""
    if wanted.from_column is not None:
        return _named(columns, wanted.from_column, "from_column")
    for column in columns:
        if repository.position_of(project.id, wanted.number, column.cards) is not None:
            return column
    raise Invalid.on(
        "number", Whole(_("%(key)s is in no column of this board.", key=f"{project.key}-{wanted.number}"))
    )


def _named(columns: Sequence[Column], key: str, field: str) -> Column:
    for column in columns:
        if column.key.casefold() == key.casefold():
            return column
    raise Invalid.on(field, _("must be one of %(columns)s.", columns=one_of([column.key for column in columns])))


def _sent(source: Column, target: Column, columns: Sequence[Column]) -> dict[str, Any]:
    """What has to change for an issue to belong to another column."""
    if target.sets == "assignees":
        if target.value is None:
            return {"assignees": []}
        return {"add_assignees": [target.value], "remove_assignees": [source.value] if source.value else []}
    if target.sets == "labels":
        if target.value is None:
            return {"remove_labels": [column.value for column in columns if column.value is not None]}
        return {"add_labels": [target.value]}
    return {target.sets: target.value}


def _rank(project: ProjectRow, column: Column, wanted: CardMoveIn) -> str:
    low, high = _gap(project, column, wanted)
    if low is not None and high is not None and low >= high:
        high = _beside(project, column, low, wanted, below=True)
    rank = ranks.rank(low or "", high, wanted.number)
    if len(rank) <= ranks.LONGEST:
        return rank
    _spread(project, low or "")
    return ranks.rank(*_ends(_gap(project, column, wanted)), wanted.number)


def _ends(gap: tuple[str | None, str | None]) -> tuple[str, str | None]:
    return gap[0] or "", gap[1]


def _gap(project: ProjectRow, column: Column, wanted: CardMoveIn) -> tuple[str | None, str | None]:
    """The places between which the card goes. A neighbour that has left the column meanwhile does not count."""
    above = _position(project, column, wanted.after)
    below = _position(project, column, wanted.before)
    if above is not None:
        following = _beside(project, column, above, wanted, below=True)
        return above, below if below is not None and below == following else following
    if below is not None:
        return _beside(project, column, below, wanted, below=False), below
    return _end(project, column, wanted)


def _end(project: ProjectRow, column: Column, wanted: CardMoveIn) -> tuple[str | None, str | None]:
    here = repository.position_of(project.id, wanted.number)
    if wanted.place == "bottom":
        return _beside(project, column, None, wanted, below=False), None
    if wanted.place == "up" and here is not None:
        over = _beside(project, column, here, wanted, below=False)
        return (
            (_beside(project, column, over, wanted, below=False), over) if over else _end_top(project, column, wanted)
        )
    if wanted.place == "down" and here is not None:
        under = _beside(project, column, here, wanted, below=True)
        if under:
            return under, _beside(project, column, under, wanted, below=True)
        return _beside(project, column, None, wanted, below=False), None
    return _end_top(project, column, wanted)


def _end_top(project: ProjectRow, column: Column, wanted: CardMoveIn) -> tuple[str | None, str | None]:
    return None, _beside(project, column, None, wanted, below=True)


def _position(project: ProjectRow, column: Column, number: int | None) -> str | None:
    return repository.position_of(project.id, number, column.cards) if number is not None else None


def _beside(
    project: ProjectRow, column: Column, position: str | None, wanted: CardMoveIn, *, below: bool
) -> str | None:
    return repository.next_to(project.id, column.cards, position, below=below, but=wanted.number)


def _spread(project: ProjectRow, low: str) -> None:
    """Give the cards from a place on new keys, short ones, in the same order."""
    before = repository.next_to(project.id, None, low, below=False, but=0)
    cards = repository.neighbourhood(project.id, low, SPREAD + 1)
    end = cards[SPREAD][1] if len(cards) > SPREAD else None
    moved = [id for id, _place in cards[:SPREAD]]
    keys = ranks.spread(before or "", end, len(moved))
    repository.give(dict(zip(moved, keys, strict=True)))
