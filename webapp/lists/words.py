"""The words that stand beside a project's issues in lists: its labels, statuses, milestones and people.

They are few and seldom change, so each process keeps them, under the counters that move with every change of them and
that come with the project. What is read after a counter is never older than it says.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol, TypeVar

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, func, literal, select, union_all

from webapp.accounts.rows import Person
from webapp.db import AnySelect, is_changing
from webapp.issues.rows import LabelRow, MilestoneRef
from webapp.models.accounts import User
from webapp.models.labels import Label
from webapp.models.milestones import Milestone
from webapp.models.statuses import Status
from webapp.reading import Built, read

T = TypeVar("T")

MOST = 200  # projects whose words a process keeps
PEOPLE = 5_000  # that one project's words know, before they begin anew with those who are asked for
SETS = 5_000  # sets of labels, or of people, that one project's words know


class Counted(Protocol):
    """A project, or a row with what its words are kept under: the counters that move with them."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def words(self) -> int: ...
    @property
    def people(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Words:
    """What ids stand for. Several of them come as PostgreSQL writes an array: `{3,7}` need not be taken apart twice.

    Labels and people are in the order in which an issue tells its own.
    """

    key: str
    labels: dict[int, LabelRow]
    statuses: dict[int, tuple[str, str]]
    milestones: dict[int, MilestoneRef]
    people: dict[int, Person]
    # What is made with these words says so by this, which does not keep them in memory.
    mark: object = field(default_factory=object, compare=False)
    _labels: dict[str, tuple[LabelRow, ...]] = field(default_factory=dict)
    _people: dict[str, tuple[Person, ...]] = field(default_factory=dict)

    def labels_of(self, rows: Collection[Any]) -> dict[str, tuple[LabelRow, ...]]:
        """The labels that the rows name, by their ids. Raises KeyError for one that is not known."""
        return _all_tied(self._labels, self.labels, {row.label_ids for row in rows})

    def people_of(self, rows: Collection[Any]) -> dict[str, tuple[Person, ...]]:
        """The people who have them, by their ids. Raises KeyError for one who is not known."""
        return _all_tied(self._people, self.people, {row.assignee_ids for row in rows})

    def know(self, rows: Collection[Any]) -> bool:
        """Whether all that these rows name is known. Most name the same, so each is looked for once."""
        if not self._know_ties(rows):
            return False
        return (
            self.people.keys() >= {row.author_id for row in rows}
            and self.statuses.keys() >= {row.status_id for row in rows}
            and self.milestones.keys() >= {row.milestone_id for row in rows} - {None}
        )

    def _know_ties(self, rows: Collection[Any]) -> bool:
        try:
            self.labels_of(rows)
            self.people_of(rows)
        except KeyError:
            return False
        return True


# By project: what its words were made of, and they.
_kept: OrderedDict[int, tuple[Any, Words]] = OrderedDict()
_lock = Lock()


def of(project: Counted, rows: Collection[Any]) -> Words | None:
    """The words of a project that these rows need; read anew if one is not known, as it came after the counters did.

    None if a row still names what has gone meanwhile.
    """
    return of_each([(project, rows)])[0]


def of_each(wanted: Sequence[tuple[Counted, Collection[Any]]]) -> list[Words | None]:
    """The same for several projects, each with its rows; one statement reads all that is read anew."""
    found = {
        project.id: known for project, rows in wanted if (known := kept(project)) is not None and known.know(rows)
    }
    lacking = [(project, _people(project, rows)) for project, rows in wanted if project.id not in found]
    if lacking:
        found |= _read(lacking)
        for project, _ in lacking:
            _keep(project, found[project.id])
    return [own if (own := found[project.id]).know(rows) else None for project, rows in wanted]


def _people(project: Counted, rows: Collection[Any]) -> set[int]:
    """Whom these rows name, and whom the project's words know already, so that these stay known."""
    people = {id for row in rows for id in (row.author_id, *_ids(row.assignee_ids))}
    known = kept(project)
    return people | known.people.keys() if known is not None and len(known.people) < PEOPLE else people


def _made_of(project: Counted) -> tuple[Any, ...]:
    return project.key, project.words, project.people


def kept(project: Counted) -> Words | None:
    """The words of a project that are kept, if they are still its own; none for whoever may have changed some."""
    there = None if is_changing() else _kept.get(project.id)
    return there[1] if there is not None and there[0] == _made_of(project) else None


def _keep(project: Counted, words: Words) -> None:
    if is_changing():
        return
    with _lock:
        _kept[project.id] = _made_of(project), words
        _kept.move_to_end(project.id)
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def _read(wanted: Sequence[tuple[Counted, Collection[int]]]) -> dict[int, Words]:
    """The words of projects, each with those of these people."""
    each = {project.id: Words(project.key, {}, {}, {}, {}) for project, _ in wanted}
    people = {id for _, some in wanted for id in some}
    for kind, at, id, name, more, description, _ in read(_WORDS, {"project_ids": list(each), "people": list(people)}):
        if kind == "label":
            each[at].labels[id] = LabelRow(id, name, more, description)
        elif kind == "status":
            each[at].statuses[id] = name, more
        elif kind == "milestone":
            each[at].milestones[id] = MilestoneRef(id, name)
        else:
            person = Person(id, name)
            for project, some in wanted:
                if id in some:
                    each[project.id].people[id] = person
    return each


def _words() -> AnySelect:
    """One statement for all, in the order of lists."""
    array = ARRAY(BigInteger)
    here, some = func.any(bindparam("project_ids", type_=array)), func.any(bindparam("people", type_=array))
    none, nowhere = literal("", type_=Text), literal(0, type_=BigInteger)
    together = union_all(
        select(
            literal("label", type_=Text).label("kind"), Label.project_id, Label.id, Label.name,
            Label.color.label("more"), Label.description, Label.sort_key.label("place"),
        ).where(Label.project_id == here),
        select(literal("status"), Status.project_id, Status.id, Status.name, Status.category, none, none)
        .where(Status.project_id == here),
        select(literal("milestone"), Milestone.project_id, Milestone.id, Milestone.title, none, none, none)
        .where(Milestone.project_id == here),
        select(literal("person"), nowhere, User.id, User.name, none, none, User.sort_key).where(User.id == some),
    ).subquery()  # fmt: skip
    return select(together).order_by(together.c.place, together.c.id)


# Built once: it runs with a project's first list after one of its words has changed.
_WORDS = Built(_words())


def _all_tied(known: dict[str, tuple[T, ...]], words: Mapping[int, T], wanted: set[str]) -> dict[str, tuple[T, ...]]:
    found = {}
    for ids in wanted:
        try:
            found[ids] = known[ids]  # of many rows, so without a call
        except KeyError:
            found[ids] = _tied(known, words, ids)
    return found


def _tied(known: dict[str, tuple[T, ...]], words: Mapping[int, T], ids: str) -> tuple[T, ...]:
    wanted = set(_ids(ids))
    rows = tuple(word for id, word in words.items() if id in wanted) if wanted else ()
    if len(rows) < len(wanted):
        raise KeyError(ids)
    if len(known) >= SETS:
        known.clear()
    known[ids] = rows
    return rows


def _ids(array: str) -> list[int]:
    return [int(id) for id in array[1:-1].split(",")] if array != "{}" else []
