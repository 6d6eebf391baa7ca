from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    Float,
    Integer,
    and_,
    bindparam,
    cast,
    column,
    extract,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from webapp.db import AnySelect, db
from webapp.events.asking import came_into
from webapp.milestones.rows import MilestoneRow, next_due
from webapp.models.charts import Tally
from webapp.models.events import Event
from webapp.models.issues import Issue, State
from webapp.reading import Built, read

# So many issues of each stretch of time are looked at for how long they took.
SAMPLE = 50
# So many are counted, and of so many open ones it is looked up whether somebody has them.
COUNTED, LOOKED = 99, 500
# What came before the first stretch.
BEFORE = -1


Tallies = Mapping[tuple[str, int], Mapping[int, int]]


def _sums(*where: Any) -> AnySelect:
    days = Tally.day - bindparam("first", type_=Date)
    at = func.greatest(func.floor(days / cast(bindparam("step", type_=Integer), Float)), BEFORE).cast(Integer)
    # By name: the same expression with its values bound a second time would be another one to PostgreSQL.
    here = Tally.project_id == bindparam("project_id"), *where
    placed = select(Tally.series, Tally.of_id, at.label("at"), Tally.n).where(*here).subquery("placed")
    keys = placed.c.series, placed.c.of_id, placed.c.at
    return select(*keys, func.sum(placed.c.n).label("number")).group_by(*keys)


_MOVED = and_(Tally.series.in_(("created", "closed")), Tally.of_id == 0, Tally.day >= bindparam("first", type_=Date))
_OF_PROJECT = Built(_sums(or_(Tally.series == "status", _MOVED)))
_OF_MILESTONE = Built(_sums(Tally.series.in_(("scope", "done")), Tally.of_id == bindparam("milestone_id")))


def of_project(project_id: int, first: date, step: int) -> Tallies:
    """The project's tallies by series and what they are of, summed over stretches of `step` days from a day on.

    Those of statuses also tell what came before.
    """
    return _summed(_OF_PROJECT, project_id=project_id, first=first, step=step)


def of_milestone(project_id: int, milestone_id: int, first: date, step: int) -> Tallies:
    """The same of what a milestone holds, and of how much of that is closed."""
    return _summed(_OF_MILESTONE, project_id=project_id, milestone_id=milestone_id, first=first, step=step)


def begun(project_id: int, milestone_id: int) -> date | None:
    """The day on which the milestone got its first issue."""
    where = Tally.project_id == project_id, Tally.series == "scope", Tally.of_id == milestone_id
    return db.session.scalar(select(func.min(Tally.day)).where(*where))


@dataclass(frozen=True, slots=True)
class Pressing:
    """How many open issues are overdue and unassigned, and which of them nothing happened to for longest.

    Each number goes up to COUNTED + 1, and who has them is known of the newest LOOKED.
    """

    overdue: int
    unassigned: int
    number: int | None
    title: str | None
    quiet_since: datetime | None

    counted: ClassVar[int] = COUNTED
    looked: ClassVar[int] = LOOKED


_OPEN = Issue.project_id == bindparam("project_id"), Issue.state == State.OPEN, Issue.deleted_at.is_(None)


def _number_of(ids: AnySelect) -> Any:
    return select(func.count()).select_from(ids.limit(COUNTED + 1).subquery()).scalar_subquery()


def _glance() -> Built:
    newest = (
        select(Issue.id, Issue.assignee_ids)
        .where(*_OPEN)
        .order_by(Issue.created_at.desc(), Issue.id.desc())
        .limit(LOOKED)
        .subquery()
    )
    nobody = newest.c.assignee_ids == literal([], ARRAY(BigInteger))
    open_ones = select(Issue.number, Issue.title, Issue.updated_at).where(*_OPEN)
    quiet = open_ones.order_by(Issue.updated_at, Issue.id).limit(1).subquery()
    # In the order of its index: with a plan for any day, whatever is open would be looked through as soon as that.
    late = select(Issue.id).where(*_OPEN, Issue.due_on < bindparam("today", type_=Date)).order_by(Issue.due_on)
    numbers = select(
        _number_of(late).label("overdue"),
        _number_of(select(newest.c.id).where(nobody)).label("unassigned"),
    ).subquery()
    moved = _sums(_MOVED).subquery()
    each = func.jsonb_agg(func.jsonb_build_array(*moved.c))
    traffic = select(func.coalesce(each, "[]", type_=JSONB)).scalar_subquery()
    return Built(
        select(traffic, _CURRENT.told.label("milestone"), numbers, quiet).select_from(
            numbers.outerjoin(quiet, true())
        )
    )


_CURRENT = next_due(bindparam("project_id"))
_GLANCE = _glance()


def glance(project_id: int, today: date, first: date, step: int) -> tuple[Tallies, Pressing, MilestoneRow | None]:
    """What was created and closed in stretches of `step` days from a day on; what asks for attention, which is
    counted up to a bound, among the newest open issues; and the open milestone that is due next. One statement.
    """
    values = {"project_id": project_id, "today": today, "first": first, "step": step}
    traffic, milestone, *pressing = read(_GLANCE, values).one()
    current = _CURRENT.of(milestone)
    return _by_series(traffic), Pressing(*pressing), current[0] if current else None


def _summed(statement: Built, **values: Any) -> Tallies:
    return _by_series(read(statement, values))


def _by_series(rows: Iterable[Any]) -> Tallies:
    tallies: dict[tuple[str, int], dict[int, int]] = {}
    for series, of_id, stretch, number in rows:
        tallies.setdefault((series, of_id), {})[stretch] = int(number)
    return tallies


def times(
    project_id: int, started: Mapping[int, str], first: date, step: int, number: int
) -> Mapping[int, tuple[float, float | None]]:
    """How many days issues took from being opened, and from being begun, to being done: the middle of each stretch.

    That of the last `SAMPLE` issues which were completed in it. Begun is whoever came into one of these statuses.
    """
    start = datetime.combine(first, time(), UTC)
    each = func.generate_series(0, number - 1).table_valued(column("at", Integer), name="each").render_derived()
    begins = literal(start) + each.c.at * literal(timedelta(days=step))
    done = (
        select(Issue.id, Issue.created_at, Issue.closed_at)
        .where(
            Issue.project_id == project_id, Issue.deleted_at.is_(None), Issue.close_reason == "completed",
            Issue.closed_at >= begins, Issue.closed_at < begins + literal(timedelta(days=step)),
        )
        .order_by(Issue.closed_at.desc(), Issue.id.desc())
        .limit(SAMPLE)
        .correlate(each)
        .lateral("done")
    )  # fmt: skip
    begun = (
        select(func.min(Event.created_at).label("at"))
        .where(Event.issue_id == done.c.id, came_into(Event, list(started), list(started.values())))
        .correlate(done)
        .lateral("begun")
    )  # fmt: skip
    middle = [
        func.percentile_cont(0.5).within_group(extract("epoch", done.c.closed_at - since))
        for since in (done.c.created_at, begun.c.at)
    ]
    measured = select(each.c.at, *middle).select_from(each).join(done, true()).join(begun, true())
    rows = read(measured.group_by(each.c.at))
    day = timedelta(days=1).total_seconds()
    return {at: (float(lead) / day, None if cycle is None else float(cycle) / day) for at, lead, cycle in rows}
