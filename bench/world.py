"""A made-up tracker's rows, in the order of time, with the skew of real ones: few projects, people and labels
have nearly everything, most issues have no comment and a few have hundreds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from bench.texts import Writer, zipf

PEOPLE, PROJECTS, LABELS, MILESTONES = 200, 50, 40, 12
YEARS = 4
STATUSES = ("Backlog", "Todo", "In progress", "In review", "Done", "Canceled")
# Words to look for: one in ten issues of the big project however many there are, one in every thousandth title.
RARE, SELDOM = "quokka", "heisenbug"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The ids of what is there before the first issue: by project, in the order of their ranks."""

    people: list[int]
    projects: list[int]
    labels: list[list[int]]
    milestones: list[list[int]]
    statuses: list[list[int]]


@dataclass(slots=True)
class World:
    """Rows for the tables, one issue after the other; `now` is when the last one is opened."""

    places: Places
    number: int
    seed: int
    now: datetime
    first_issue: int = 1
    first_comment: int = 1
    last_numbers: list[int] = field(default_factory=lambda: [0] * PROJECTS)
    writer: Writer = field(init=False)
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)  # noqa: S311  the same world for the same seed
        self.writer = Writer(self.rng)

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Each row with its table, in the order of time: what happens later to an issue comes later."""
        later: list[tuple[datetime, int, str, Row]] = []
        ticks, comments = count(), count(self.first_comment)
        for index in range(self.number):
            at = self._opened(index)
            while later and later[0][0] <= at:
                yield self._told(later, comments)
            issue = _Issue(self, index, at)
            for table, row in issue.now():
                yield table, row
            for when, table, row in issue.later():
                heappush(later, (when, next(ticks), table, row))
        while later:
            yield self._told(later, comments)

    def _told(self, later: list[tuple[datetime, int, str, Row]], comments: Iterator[int]) -> tuple[str, Row]:
        when, _, table, row = heappop(later)
        if table == "comments":
            return table, (next(comments), *row, self.writer.comment(), when)
        return table, (*row, when)

    def _opened(self, index: int) -> datetime:
        """More are opened each year than in the year before."""
        part = ((index + 1) / self.number) ** 0.6
        before: timedelta = timedelta(days=365 * YEARS) * (1 - part)
        return self.now - before

    def chosen(self, things: list[int]) -> int:
        """One of them, the first ones far more often."""
        return self.rng.choices(things, cum_weights=_weights(len(things)))[0]

    def several(self, things: list[int], number: int) -> list[int]:
        """Up to so many different ones, likewise."""
        return list(dict.fromkeys(self.chosen(things) for _ in range(number)))


@dataclass(slots=True)
class _Issue:
    world: World
    index: int
    at: datetime
    place: int = field(init=False)
    id: int = field(init=False)
    labels: list[int] = field(init=False)
    people: list[int] = field(init=False)
    steps: list[tuple[datetime, int, int]] = field(init=False)
    comments: list[datetime] = field(init=False)
    author: int = field(init=False)

    def __post_init__(self) -> None:
        world, rng = self.world, self.world.rng
        self.id = world.first_issue + self.index
        self.place = 0 if self.index % 2 == 0 else world.chosen(list(range(1, PROJECTS)))
        self.author = world.chosen(world.places.people)
        self.labels = world.several(world.places.labels[self.place], rng.choice((0, 1, 1, 1, 2, 2, 3)))
        self.people = world.several(world.places.people, rng.choice((0, 0, 1, 1, 1, 1, 2)))
        self.steps = self._steps()
        self.comments = sorted(self._after() for _ in range(_comments(rng)))

    def _after(self) -> datetime:
        """Soon, but sometimes much later; never in the future."""
        left = (self.world.now - self.at).total_seconds()
        spent = 86400 * (self.world.rng.paretovariate(0.7) - 1)
        return self.at + timedelta(seconds=spent if spent < left else left * self.world.rng.random())

    def _steps(self) -> list[tuple[datetime, int, int]]:
        """When it went from one status to another. Old issues are nearly all closed."""
        rng = self.world.rng
        age = (self.world.now - self.at) / timedelta(days=365 * YEARS)
        end = 4 if rng.random() < 0.8 else 5
        goal = end if rng.random() < 0.6 + 0.39 * age else rng.choice((0, 0, 0, 1, 1, 2, 3))
        way = [status for status in range(1, min(goal, 4)) if rng.random() < 0.6] + [goal] * (goal > 0)
        if goal > 3 and rng.random() < 0.04:
            way += [1, 2, goal]
        steps = zip(sorted(self._after() for _ in way), [0, *way], way, strict=False)
        return [step for step in steps if step[1] != step[2]]

    def now(self) -> Iterator[tuple[str, Row]]:
        """The issue's own row, as it is in the end, and what is tied to it."""
        places, rng = self.world.places, self.world.rng
        status = self.steps[-1][2] if self.steps else 0
        closed = self.steps[-1][0] if status > 3 else None
        touched = max([self.at, *(step[0] for step in self.steps), *self.comments])
        chosen = rng.random()
        milestone = places.milestones[self.place][int(chosen * 2 * MILESTONES)] if chosen < 0.5 else None
        due = (self.at + timedelta(days=rng.randrange(300))).date() if rng.random() < 0.1 else None
        priority = rng.choices((0, 1, 2, 3, 4), (60, 10, 15, 10, 5))[0]
        reason = {4: "completed", 5: "not_planned"}.get(status)
        yield "issues", (
            self.id, places.projects[self.place], self._number(), self._title(), self.world.writer.body(),
            "open" if closed is None else "closed", reason, priority, due, self.author, self.at, touched, closed,
            len(self.comments), 1 + len(self.steps), places.statuses[self.place][status], milestone,
        )  # fmt: skip
        for label in self.labels:
            yield "issue_labels", (self.id, label)
        for person in self.people:
            yield "issue_assignees", (self.id, person)
        yield "events", (*self._event(self.author, "opened", {}), self.at)

    def later(self) -> Iterator[tuple[datetime, str, Row]]:
        """What happens to it: comments, and events."""
        world = self.world
        for when in self.comments:
            yield when, "comments", (self.id, world.chosen(world.places.people))
        if self.people:
            told = {"added": ["Somebody"], "added_ids": self.people, "removed": [], "removed_ids": []}
            yield self._after(), "events", self._event(self.author, "assigned", told)
        for when, old, new in self.steps:
            actor = world.chosen(world.places.people)
            moved = self._event(actor, "moved_status", {"old": STATUSES[old], "new": STATUSES[new]})
            yield when, "events", moved
            if (old < 4) != (new < 4):
                told = {"reason": "completed" if max(old, new) == 4 else "not_planned"}
                yield when, "events", self._event(actor, "closed" if new > 3 else "reopened", told, moved[3])

    def _event(self, actor: int, kind: str, told: dict[str, Any], change: str = "") -> Row:
        change = change or f"{self.world.rng.getrandbits(128):032x}"
        return (self.world.places.projects[self.place], self.id, actor, change, kind, told)

    def _number(self) -> int:
        self.world.last_numbers[self.place] += 1
        return self.world.last_numbers[self.place]

    def _title(self) -> str:
        title = self.world.writer.title()
        if self.index % 1000 == 0:
            title += f" {SELDOM}"
        step = max(self.world.number // 10 // 2 * 2, 2)
        return title + f" {RARE}" * (self.index % step == 0 and self.index < step * 10)


@lru_cache
def _weights(number: int) -> Sequence[float]:
    return zipf(number, 1.0)


def _comments(rng: Random) -> int:
    """How many comments an issue has: three on average, none for most, hundreds for one in 250."""
    chosen = rng.random()
    if chosen < 0.45:
        return 0
    if chosen < 0.82:
        return rng.choice((1, 1, 1, 2, 2, 3))
    if chosen < 0.93:
        return rng.randint(4, 8)
    return rng.randint(9, 30) if chosen < 0.996 else rng.randint(31, 250)
