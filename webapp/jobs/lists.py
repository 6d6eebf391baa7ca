"""What lies in the queue, for those who look after it."""

from collections.abc import Collection, Sequence

from webapp.db import AnyRow
from webapp.jobs.repository import BACK
from webapp.jobs.rows import Backlog, JobRow
from webapp.paging import Place
from webapp.reading import Text, read

_COLUMNS = "id, task, args, state, tries, attempts, run_at, tried_at, error, created_at"
_LISTED = """
    SELECT {columns} FROM jobs
    WHERE (:state IS NULL OR state = :state) AND (:place IS NULL OR id {sign} :place)
    ORDER BY id {order} LIMIT :most
"""
# The newest first, and from a place on; read towards the beginning, the other way round.
_OLDER, _NEWER = (
    Text(
        _LISTED.format(columns=_COLUMNS, sign=sign, order=order),
        "state text, place bigint, most integer",
        _COLUMNS.replace(",", ""),
        custom=True,
    )
    for sign, order in (("<", "DESC"), (">", "ASC"))
)
_COUNTING = Text(
    "SELECT count(*) FROM (SELECT FROM jobs WHERE :state IS NULL OR state = :state LIMIT :most) AS those",
    "state text, most integer",
    "number",
    custom=True,
)
_BACKLOG = Text(
    """
    WITH due AS (
        SELECT run_at FROM jobs
        WHERE state = 'ready' AND run_at <= statement_timestamp() AND task = ANY(:known) ORDER BY run_at LIMIT :most
    )
    SELECT count(*), min(run_at),
        (SELECT count(*) FROM (SELECT FROM jobs WHERE state = 'dead' LIMIT :most) AS those) FROM due
    """,
    "known text[], most integer",
    "due waits_since dead",
    custom=True,
)
_FAILING = Text(
    "SELECT EXISTS (SELECT FROM jobs WHERE task = :task AND state = 'ready' AND error IS NOT NULL) AS it",
    "task text",
    "it",
    custom=True,
)
_THOSE = "state = 'dead' AND (:ids IS NULL OR jobs.id = ANY(:ids))"
_RETRYING = Text(
    BACK.format(which=_THOSE, state="'ready'", tries="0", run_at="now()", error="error"),
    "ids bigint[]",
    "id task state tries args",
    custom=True,
)
_WAKING = Text("SELECT wake_workers(lane) FROM jobs WHERE id = ANY(:ids) GROUP BY lane", "ids bigint[]", "told")
_REMOVING = Text(
    "DELETE FROM jobs WHERE " + _THOSE + " RETURNING task",  # noqa: S608  it is said above
    "ids bigint[]",
    "task",
    custom=True,
)
_CLEARING = Text(
    "DELETE FROM jobs WHERE state = 'dead' AND tried_at < now() - :days * interval '1 day' RETURNING id",
    "days integer",
    "id",
    custom=True,
)


def listed(state: str | None, at: Place | None, most: int) -> list[JobRow]:
    """The newest ones from a place on, of one state if it is named."""
    statement = _NEWER if at is not None and at.backwards else _OLDER
    values = {"state": state, "place": at.key[0] if at is not None else None, "most": most}
    return [JobRow(*row) for row in read(statement, values)]


def count(state: str | None, most: int) -> int:
    """How many there are, up to that many."""
    number: int = read(_COUNTING, {"state": state, "most": most}).scalar_one()
    return number


def backlog(known: Collection[str], most: int) -> Backlog:
    """Of these tasks; counted up to that many."""
    return Backlog(*read(_BACKLOG, {"known": list(known), "most": most}).one())


def is_failing(task: str) -> bool:
    """Whether one of this task waits because it failed."""
    return bool(read(_FAILING, {"task": task}).scalar_one())


def retry(ids: Collection[int] | None) -> Sequence[AnyRow]:
    """Make these of the dead ready again, or all; which. What waits under the same key does their work."""
    ready = read(_RETRYING, {"ids": None if ids is None else list(ids)}).all()
    read(_WAKING, {"ids": [row.id for row in ready]})
    return ready


def remove(id: int) -> str | None:
    """What it was to do, if it was there, and dead."""
    task: str | None = read(_REMOVING, {"ids": [id]}).scalar_one_or_none()
    return task


def clear(days: int) -> None:
    """Delete those that were given up so many days ago."""
    read(_CLEARING, {"days": days})
