"""What happened in a project, in numbers. Reads tallies of days, never the issues of a whole project."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import ceil

from webapp.charts import repository
from webapp.charts.schemas import ChartsOut, FlowOut, SpanOut, Times
from webapp.db import AnyRow
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses
from webapp.statuses.models import Category

TIMED = 1000
BY_DAY = 90


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date


def of(project: ProjectRow, days: int) -> ChartsOut:
    """The charts of a project, over so many days until today."""
    spans = _spans(days, 1 if days <= BY_DAY else 7)
    rows = repository.flows(project.id, spans[0].first)
    known = statuses.of(project)
    started = [status.name for status in known if status.category == Category.STARTED]
    timed = repository.newest_closed(project.id, started, TIMED)
    return ChartsOut(
        spans=[
            SpanOut(first=span.first, last=span.last, created=created, closed=closed, lead=lead, cycle=cycle)
            for span, created, closed, (lead, cycle) in zip(
                spans,
                _each(rows, "created", spans),
                _each(rows, "closed", spans),
                (_times(_within(timed, span)) for span in spans),
                strict=True,
            )
        ],
        flow=[
            FlowOut(
                status=status.name,
                category=status.category,
                counts=_contents([row for row in rows if row.of_id == status.id], "status", spans),
            )
            for status in known
        ],
        lead=_times(timed)[0],
        cycle=_times(timed)[1],
        timed=len(timed),
    )


def _spans(days: int, step: int) -> list[Span]:
    """The days until today, in pieces of the same length."""
    today = datetime.now(UTC).date()
    starts = [today - timedelta(days=back - 1) for back in range(days, 0, -step)]
    return [Span(start, start + timedelta(days=step - 1)) for start in starts]


def _each(rows: Iterable[AnyRow], series: str, spans: Sequence[Span]) -> list[int]:
    """What came in each span."""
    counts = [0] * len(spans)
    step = (spans[0].last - spans[0].first).days + 1
    for row in rows:
        place = (row.day - spans[0].first).days // step
        if row.series == series and 0 <= place < len(spans):
            counts[place] += int(row.n)
    return counts


def _contents(rows: Sequence[AnyRow], series: str, spans: Sequence[Span]) -> list[int]:
    """What was there at the end of each span."""
    before = sum(int(row.n) for row in rows if row.series == series and row.day < spans[0].first)
    return [before + count for count in accumulate(_each(rows, series, spans))]


def _within(timed: Sequence[AnyRow], span: Span) -> Sequence[AnyRow]:
    """The issues closed in a span; none, if there are more of it than were read."""
    whole = len(timed) < TIMED or timed[-1].closed_at.astimezone(UTC).date() < span.first
    return [row for row in timed if whole and span.first <= row.closed_at.astimezone(UTC).date() <= span.last]


def _times(rows: Sequence[AnyRow]) -> tuple[Times, Times]:
    lead = [row.closed_at - row.created_at for row in rows if row.closed_at >= row.created_at]
    cycle = [row.closed_at - row.begun_at for row in rows if row.begun_at and row.closed_at >= row.begun_at]
    return _shares(lead), _shares(cycle)


def _shares(taken: Iterable[timedelta]) -> Times:
    days = sorted(one / timedelta(days=1) for one in taken)
    if not days:
        return Times(half=None, most=None)
    half, most = (round(days[ceil(len(days) * share) - 1], 1) for share in (0.5, 0.85))
    return Times(half=half, most=most)
