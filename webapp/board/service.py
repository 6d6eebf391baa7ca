from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from webapp import clock, keeping
from webapp.access import Do, Viewer, require
from webapp.board import few, repository
from webapp.board.columns import Cards, assigned_to, in_milestone, in_priority, in_status, labelled
from webapp.board.schemas import BoardQuery
from webapp.errors import Invalid
from webapp.i18n import _, pgettext
from webapp.i18n.formats import one_of
from webapp.issues import service as issues
from webapp.issues.rows import IssueRow
from webapp.labels import service as labels
from webapp.lists import service as lists
from webapp.lists.seeking import Sought
from webapp.milestones import service as milestones
from webapp.models.issues import Priority
from webapp.paging import cursor, place
from webapp.projects.service import ProjectRow
from webapp.recent import RecentSet
from webapp.statuses import service as statuses

__all__ = ["Board", "Column", "columns_of", "groupings", "of"]

# The first cards of each column: so many on the whole board, which few columns share more of than many do.
TOGETHER, FIRST, FEWEST = 300, 50, 10
COUNTED = 1000
# Of a project with more issues, so few cards of a filtered board are found all at once.
LONG, FEW = 5_000, 500
# The columns of which a process knows that they have more cards than that, and the filters that have more.
KNOWN = 60  # seconds
_long = RecentSet(seconds=KNOWN, most=10_000)
_many = RecentSet(seconds=KNOWN, most=10_000)
# The most columns of people, milestones or labels that are shown side by side.
MOST = 30
NONE = "none"
# The fields of an issue that hold several: it stands in the column of each.
SEVERAL = ("assignees", "labels")


@dataclass(slots=True)
class Column:
    """A column with its first cards. An issue belongs here whose field `sets` has the `value`.

    `count` is None beyond what is counted, `after` the cursor of further cards, which the route makes `next` of.
    """

    key: str
    name: str
    cards: Cards
    sets: str
    value: Any
    category: str | None = None
    limit: int | None = None
    count: int | None = 0
    items: list[IssueRow] = field(default_factory=list)
    after: str | None = None
    next: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has more cards than it should."""
        return self.limit is not None and (self.count is None or self.count > self.limit)


@dataclass(frozen=True, slots=True)
class Board:
    """The columns; with `shares_cards` a card may stand in several, so that a move has to say which it leaves.

    `warnings` are what its query names and is not there, in words.
    """

    by: str
    columns: Sequence[Column]
    shares_cards: bool
    warnings: Sequence[str]

    @property
    def names(self) -> Sequence[str]:
        """What the columns are called, in their order: two may be called alike."""
        return [column.name for column in self.columns]

    @property
    def colors(self) -> Sequence[str]:
        """Those of the labels on its cards, each once."""
        return list({label.color: None for column in self.columns for row in column.items for label in row.labels})


def of(project: ProjectRow, query: BoardQuery, by: Viewer | None) -> Board:
    """The columns of a board, each with its first cards; or one column, from a place on."""
    require(by, Do.SEE, project)
    shown = columns_of(project, query.by)
    if query.column is not None:
        shown = [_keyed(shown, query.column)]
    at = place(query.cursor, str)
    wanted = lists.sought(query.q or "is:all", project, by)
    first = max(FEWEST, min(FIRST, TOGETHER // len(shown)))
    after = str(at.key[0]) if at else None
    board = project.id, by and by.id, query.by, wanted.text
    if not _gather(project, shown, wanted, first, after, board):
        _walk(project, shown, wanted, first, after, board)
    return Board(query.by, shown, any(column.sets in SEVERAL for column in shown), wanted.warnings)


def _gather(
    project: ProjectRow, columns: Sequence[Column], wanted: Sought, first: int, after: str | None, board: Hashable
) -> bool:
    """Put the cards of a filter into the columns of a long project, if they are few; whether they are.

    PostgreSQL takes a column for short, and goes through all of a long one for the few that fulfil something.
    """
    is_long = project.open_issues + project.closed_issues > LONG
    if not is_long or wanted.state is not None or _many.has(board):
        return False
    found = few.cards(project, _conditions(columns), lists.gathering(wanted, FEW, COUNTED), first + 1, after)
    if found is None:
        _many.add(board)
        return False
    cards, counts = found
    _put(columns, cards, first)
    for column in columns:
        column.count = number if (number := counts.get(column.key, 0)) <= COUNTED else None
    return True


def _walk(
    project: ProjectRow, columns: Sequence[Column], wanted: Sought, first: int, after: str | None, board: Hashable
) -> None:
    """Put the first cards into each column, from a place on if one is said, and count what is not shown whole."""
    where = None if wanted.state == "all" else wanted.along()
    _put(columns, repository.cards(project, _conditions(columns), where, first + 1, after), first)
    partial = columns if after is not None else [column for column in columns if column.after]
    _count(project, partial, where, board)


def _conditions(columns: Sequence[Column]) -> dict[str, Cards]:
    return {column.key: column.cards for column in columns}


def _put(columns: Sequence[Column], found: Sequence[repository.Card], first: int) -> None:
    """Put the first cards into each column."""
    cards: dict[str, list[repository.Card]] = {column.key: [] for column in columns}
    for card in found:
        cards[card[0]].append(card)
    for column in columns:
        own = cards[column.key]
        column.items = [row for _key, row, _place in own[:first]]
        column.after = cursor((own[first - 1][2],)) if len(own) > first else None
        column.count = len(own)


def _count(project: ProjectRow, columns: Sequence[Column], where: Any, board: Hashable) -> None:
    """Count the cards of columns that are not shown whole, but for those that are known to be very long."""
    unknown = {column.key: column.cards for column in columns if not _long.has((board, column.key))}
    if len(unknown) < len(columns):
        keeping.true_until(clock.now() + timedelta(seconds=KNOWN))
    counts = repository.counts(project.id, unknown, where, COUNTED + 1)
    for column in columns:
        number = counts.get(column.key, COUNTED + 1)
        column.count = number if number <= COUNTED else None
        if number > COUNTED and column.key in unknown:
            _long.add((board, column.key))


def groupings(project: ProjectRow) -> list[tuple[str, str]]:
    """What the columns can stand for: values and words."""
    plain = {
        "status": _("Status"),
        "assignee": _("Assignee"),
        "milestone": _("Milestone"),
        "priority": _("Priority"),
    }
    scoped = [(f"label:{scope}", _("Label %(scope)s", scope=scope)) for scope in labels.scopes(project)]
    return [*plain.items(), *scoped]


def columns_of(project: ProjectRow, by: str) -> list[Column]:
    """The columns of a grouping, without cards. Raises Invalid for a scope that no label has."""
    kind, _colon, scope = by.partition(":")
    ways: dict[str, Callable[[], list[Column]]] = {
        "status": lambda: _statuses(project),
        "priority": _priorities,
        "milestone": lambda: _milestones(project),
        "assignee": lambda: _people(project),
        "label": lambda: _labels(project, scope),
    }
    return ways[kind]()


def _keyed(columns: Sequence[Column], key: str) -> Column:
    for column in columns:
        if column.key.casefold() == key.casefold():
            return column
    raise Invalid.on("column", _("must be one of %(columns)s.", columns=one_of([column.key for column in columns])))


def _statuses(project: ProjectRow) -> list[Column]:
    return [
        Column(one.name, one.name, in_status(one.id), "status", one.name, one.category, one.wip_limit)
        for one in statuses.of(project)
    ]


def _priorities() -> list[Column]:
    words: dict[str, str] = {
        "urgent": pgettext("priority", "Urgent"),
        "high": pgettext("priority", "High"),
        "medium": pgettext("priority", "Medium"),
        "low": pgettext("priority", "Low"),
        "none": pgettext("priority", "None"),
    }
    return [Column(one.value, words[one], in_priority(one), "priority", one) for one in reversed(Priority)]


def _milestones(project: ProjectRow) -> list[Column]:
    nowhere = Column(NONE, _("No milestone"), in_milestone(None), "milestone", None)
    some = [
        Column(str(one.id), one.title, in_milestone(one.id), "milestone", one.id)
        for one in milestones.choices(project)[:MOST]
    ]
    return [nowhere, *some]


def _people(project: ProjectRow) -> list[Column]:
    nobody = Column(NONE, _("Nobody"), assigned_to(project.id, None), "assignees", None)
    some = [
        Column(str(one.id), one.name, assigned_to(project.id, one.id), "assignees", one.id)
        for one in issues.assignable(project)[:MOST]
    ]
    return [nobody, *some]


def _labels(project: ProjectRow, scope: str) -> list[Column]:
    own = [label for label in labels.of(project) if labels.scope(label.name) == scope.casefold()][:MOST]
    if not own:
        raise Invalid.on("by", _("names a scope that no label has: %(scope)s.", scope=scope))
    ids = [label.id for label in own]
    without = Column(NONE, _("No %(scope)s", scope=scope), labelled(ids, None), "labels", None)
    some = [Column(one.name, one.name.rpartition("::")[2], labelled(ids, one.id), "labels", one.name) for one in own]
    return [without, *some]
