from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.charts import repository
from webapp.charts.repository import BEFORE, Pressing
from webapp.milestones.service import MilestoneRow
from webapp.models.statuses import Category
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses
from webapp.text import times

# Up to so many days are shown one by one, more of them week by week.
BY_DAY, WEEK = 31, 7
# A milestone's chart goes back no further.
LONGEST = 364


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day or a week, from its first to its last day (in UTC)."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Flow:
    """How many issues were in a status at the end of each stretch."""

    status: str
    category: str
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Charts:
    """What happened in each stretch: issues created and closed, and how long those took that were completed.

    `lead` is the days from opened to done, `cycle` from begun to done: the middle of the last fifty, None for none.
    """

    stretches: Sequence[Stretch]
    created: Sequence[int]
    closed: Sequence[int]
    flow: Sequence[Flow]
    lead: Sequence[float | None]
    cycle: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class BurnUp:
    """How many issues a milestone held at the end of each stretch, and how many of these were closed."""

    stretches: Sequence[Stretch]
    scope: Sequence[int]
    done: Sequence[int]


def of(project: ProjectRow, days: int, by: Viewer | None) -> Charts:
    """What happened in a project in the last days."""
    require(by, Do.SEE, project)
    stretches, step = _stretches(days)
    first, number = stretches[0].first, len(stretches)
    tallies = repository.of_project(project.id, first, step)
    ways = statuses.of(project)
    started = {one.id: one.name for one in ways if one.category == Category.STARTED}
    times = repository.times(project.id, started, first, step, number)
    return Charts(
        stretches,
        created=_each(tallies.get(("created", 0), {}), number),
        closed=_each(tallies.get(("closed", 0), {}), number),
        flow=[Flow(one.name, one.category, _added(tallies.get(("status", one.id), {}), number)) for one in ways],
        lead=[_rounded(times[at][0]) if at in times else None for at in range(number)],
        cycle=[_rounded(times[at][1]) if at in times else None for at in range(number)],
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """How a project is doing: what came and went in the last two weeks, what presses, and what it works towards."""

    traffic: Charts
    pressing: Pressing
    milestone: MilestoneRow | None
    days_left: int | None

    @property
    def weeks(self) -> Sequence[tuple[str, str, int, int]]:
        """Of what came and went: words, the query for it, and the numbers of the last week and of the one before."""
        week = self.traffic.stretches[-1]
        numbers = ("opened", "created", self.traffic.created), ("closed", "closed", self.traffic.closed)
        return [
            (words, f"is:all {term}:{week.first}..{week.last}", series[-1], series[-2])
            for words, term, series in numbers
        ]


def glance(project: ProjectRow, days: int, by: Viewer | None) -> Glance:
    """How the project is doing, with what came and went week by week in the last days."""
    require(by, Do.SEE, project)
    stretches, step = _stretches(days)
    today, number = times.now_in(by.time_zone if by else None).date(), len(stretches)
    tallies, pressing, milestone = repository.glance(project.id, today, stretches[0].first, step)
    created, closed = (_each(tallies.get((series, 0), {}), number) for series in ("created", "closed"))
    left = (milestone.due_on - today).days if milestone and milestone.due_on else None
    return Glance(Charts(stretches, created, closed, (), (), ()), pressing, milestone, left)


def burn_up(project: ProjectRow, milestone: MilestoneRow, by: Viewer | None) -> BurnUp | None:
    """How a milestone filled up and was worked off, since it got its first issue; None if it has none yet."""
    require(by, Do.SEE, project)
    begun = repository.begun(project.id, milestone.id)
    if begun is None:
        return None
    stretches, step = _stretches(min(max((_today() - begun).days + 1, WEEK), LONGEST))
    tallies, number = repository.of_milestone(project.id, milestone.id, stretches[0].first, step), len(stretches)
    scope, done = (_added(tallies.get((series, milestone.id), {}), number) for series in ("scope", "done"))
    return BurnUp(stretches, scope, done)


def _stretches(days: int) -> tuple[list[Stretch], int]:
    """The days, or the weeks where these are many, of which the last one ends today; and how long each is."""
    step = 1 if days <= BY_DAY else WEEK
    number = -(-days // step)
    first = _today() - timedelta(days=number * step - 1)
    starts = [first + timedelta(days=at * step) for at in range(number)]
    return [Stretch(start, start + timedelta(days=step - 1)) for start in starts], step


def _today() -> date:
    return clock.now().date()


def _each(by_stretch: Mapping[int, int], number: int) -> list[int]:
    return [by_stretch.get(at, 0) for at in range(number)]


def _added(by_stretch: Mapping[int, int], number: int) -> list[int]:
    """What there was at the end of each stretch: all that came before and in it."""
    sums, sum_ = [], by_stretch.get(BEFORE, 0)
    for at in range(number):
        sum_ += by_stretch.get(at, 0)
        sums.append(sum_)
    return sums


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 1)
