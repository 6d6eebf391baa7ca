"""The statements of the queue. Workers pass over what others have taken, so nobody waits long for a row."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from webapp.db import AnyRow
from webapp.jobs.rows import Taken
from webapp.jobs.tasks import DELAYS, Task
from webapp.reading import Text, read

# A key that is there is locked all the same, until this transaction ends: else a worker could do that job before what
# this one writes can be seen, and nobody would come back for it.
_ADDING = Text(
    """
    WITH added AS (
        INSERT INTO jobs (task, args, lane, attempts, key, run_at)
        VALUES (:task, :args, :lane, :attempts, :key, coalesce(:run_at, now()))
        ON CONFLICT (key) WHERE state = 'ready'
        DO UPDATE SET run_at = excluded.run_at WHERE excluded.run_at < jobs.run_at
        RETURNING id
    )
    SELECT wake_workers(CASE WHEN coalesce(:run_at, now()) <= now() THEN :lane ELSE 'later' END) FROM added
    """,
    "task text, args jsonb, lane text, attempts smallint, key text, run_at timestamptz",
    "told",
)
# Sorted, so that two who write the same keys wait for each other in one order.
_ADDING_ALL = Text(
    """
    WITH added AS (
        INSERT INTO jobs (task, args, lane, attempts, key, run_at)
        SELECT :task, args, :lane, :attempts, key, run_at
        FROM jsonb_to_recordset(:given) AS given (args jsonb, key text, run_at timestamptz) ORDER BY key
        ON CONFLICT (key) WHERE state = 'ready'
        DO UPDATE SET run_at = excluded.run_at WHERE excluded.run_at < jobs.run_at
        RETURNING run_at
    )
    SELECT wake_workers(CASE WHEN min(run_at) <= now() THEN :lane ELSE 'later' END)
    FROM added HAVING count(*) > 0
    """,
    "task text, given jsonb, lane text, attempts smallint",
    "told",
)
# What was tried before may be what killed its worker, so it is taken alone. Planned each time: a plan that was made
# when nothing waited would read all that does.
_TAKING = Text(
    """
    WITH due AS (
        SELECT id, tries FROM jobs
        WHERE state = 'ready' AND lane = :lane AND task = ANY(:known)
          AND run_at <= statement_timestamp() + :ahead * interval '1 second'
        ORDER BY run_at, id LIMIT :most FOR UPDATE SKIP LOCKED
    ), first AS (
        SELECT id, tries FROM due LIMIT 1
    ), taken AS (
        UPDATE jobs SET
            state = 'running', tries = jobs.tries + 1, tried_at = statement_timestamp(), worker = :worker,
            leased_until = statement_timestamp() + :lease * interval '1 second'
        FROM due, first
        WHERE jobs.id = due.id AND (due.id = first.id OR due.tries + first.tries = 0)
        RETURNING jobs.id, jobs.task, jobs.args, jobs.tries, jobs.run_at
    )
    SELECT id, task, args, tries FROM taken ORDER BY run_at, id
    """,
    "lane text, known text[], ahead double precision, most integer, worker text, lease double precision",
    "id task args tries",
    custom=True,
)
# Nobody waits for a disk to hear that it is done: a server that loses its last second has the job done again, as
# whoever is killed before this does.
_DONE = Text(
    """
    WITH at_once AS (SELECT set_config('synchronous_commit', 'off', true))
    DELETE FROM jobs USING at_once WHERE id = :id AND worker = :worker AND state = 'running' RETURNING id
    """,
    "id bigint, worker text",
    "id",
)
_RENEWING = Text(
    """
    UPDATE jobs SET leased_until = statement_timestamp() + :lease * interval '1 second'
    WHERE id = ANY(:ids) AND state = 'running' AND worker = :worker RETURNING id
    """,
    "ids bigint[], worker text, lease double precision",
    "id",
    custom=True,
)
# A job goes back as a new row under its own id, as its key may be taken by now: then that one does its work.
BACK = """
    WITH back AS (DELETE FROM jobs WHERE {which} RETURNING *)
    INSERT INTO jobs (id, task, args, lane, attempts, key, state, tries, tried_at, run_at, error, created_at)
    SELECT DISTINCT ON (coalesce(key, 'job ' || id))
        id, task, args, lane, attempts, key, {state}, {tries}, tried_at, {run_at}, {error}, created_at
    FROM back ORDER BY coalesce(key, 'job ' || id), id
    ON CONFLICT (key) WHERE state = 'ready' DO UPDATE SET run_at = least(jobs.run_at, excluded.run_at)
    RETURNING id, task, state, tries, args
"""
_STATE = "CASE WHEN tries >= attempts THEN 'dead' ELSE 'ready' END"
# Some later and some earlier, so that what failed together does not come back together.
_PAUSE = f"""
    statement_timestamp() + (ARRAY{list(DELAYS)})[least(tries + 1, {len(DELAYS)})]
    * (0.9 + 0.2 * random()) * interval '1 second'
"""
_FAILED = Text(
    BACK.format(
        which="id = :id AND worker = :worker AND state = 'running'",
        state=_STATE,
        tries="tries",
        run_at=_PAUSE,
        error=":error",
    ),
    "id bigint, worker text, error text",
    "id task state tries args",
)
_REAPING = Text(
    BACK.format(
        which="state = 'running' AND leased_until < statement_timestamp()",
        state=_STATE,
        tries="tries",
        run_at=_PAUSE,
        error="'Its worker ended, or was silent for too long: ' || worker",
    ),
    "",
    "id task state tries args",
    custom=True,
)
_RETURNING = Text(
    BACK.format(
        which="id = ANY(:ids) AND worker = :worker AND state = 'running'",
        state="'ready'",
        tries="tries - 1",
        run_at="run_at",
        error="error",
    ),
    "ids bigint[], worker text",
    "id task state tries args",
)
_NEXT = Text(
    """
    SELECT lane, extract(epoch FROM next.run_at - statement_timestamp())::double precision
    FROM unnest(:lanes) AS known (lane) CROSS JOIN LATERAL (
        SELECT run_at FROM jobs
        WHERE jobs.state = 'ready' AND jobs.lane = known.lane AND task = ANY(:tasks) ORDER BY run_at LIMIT 1
    ) AS next
    """,
    "lanes text[], tasks text[]",
    "lane seconds",
    custom=True,
)
# The slot is told by its beginning: a task may come round more or less often some day.
_ROUNDS = Text(
    """
    WITH given AS (
        SELECT task, lane, attempts,
            to_timestamp(floor(extract(epoch FROM statement_timestamp()) / every) * every) AS slot
        FROM unnest(:tasks, :lanes, :attempts, :every) AS given (task, lane, attempts, every)
    ), begun AS (
        INSERT INTO job_rounds AS known (task, began_at)
        SELECT task, slot FROM given
        WHERE NOT EXISTS (SELECT FROM job_rounds WHERE job_rounds.task = given.task AND began_at >= slot)
        ON CONFLICT (task) DO UPDATE SET began_at = excluded.began_at WHERE known.began_at < excluded.began_at
        RETURNING task
    )
    INSERT INTO jobs (task, lane, attempts, key)
    SELECT task, lane, attempts, 'round:' || task FROM given JOIN begun USING (task)
    WHERE NOT EXISTS (SELECT FROM jobs WHERE state = 'running' AND key = 'round:' || given.task)
    ON CONFLICT (key) WHERE state = 'ready' DO NOTHING
    RETURNING task
    """,
    "tasks text[], lanes text[], attempts smallint[], every integer[]",
    "task",
)


def add(task: Task, args: Mapping[str, Any], key: str | None, run_at: datetime | None) -> None:
    values = {"task": task.name, "lane": task.lane, "attempts": task.attempts}
    read(_ADDING, {**values, "args": json.dumps(args), "key": key, "run_at": run_at})


def add_all(task: Task, given: Iterable[tuple[Mapping[str, Any], str, datetime]]) -> None:
    rows = [{"args": args, "key": key, "run_at": run_at.isoformat()} for args, key, run_at in given]
    values = {"task": task.name, "lane": task.lane, "attempts": task.attempts}
    if rows:
        read(_ADDING_ALL, {**values, "given": json.dumps(rows)})


def take(lane: str, known: Collection[str], worker: str, most: int, lease: float, ahead: float) -> list[Taken]:
    """Jobs of the lane that are due, or will be in so many seconds: the worker's from now on, for its lease."""
    asked = {"lane": lane, "known": list(known), "worker": worker}
    return [Taken(*row) for row in read(_TAKING, {**asked, "most": most, "lease": lease, "ahead": ahead})]


def done(id: int, worker: str) -> bool:
    """Whether it still was the worker's."""
    return bool(read(_DONE, {"id": id, "worker": worker}))


def failed(id: int, worker: str, error: str) -> AnyRow | None:
    """The job as what becomes of it: ready or dead; None if it was not the worker's any more."""
    return read(_FAILED, {"id": id, "worker": worker, "error": error}).first()


def renew(ids: Collection[int], worker: str, lease: float) -> None:
    read(_RENEWING, {"ids": list(ids), "worker": worker, "lease": lease})


def reap() -> Sequence[Any]:
    """What was begun by workers that are silent, as it is now."""
    return read(_REAPING)


def give_back(ids: Collection[int], worker: str) -> None:
    read(_RETURNING, {"ids": list(ids), "worker": worker})


def seconds_to_next(lanes: Collection[str], known: Collection[str]) -> dict[str, float]:
    """How long until one of each lane is due; without the lanes in which none waits."""
    return {row.lane: row.seconds for row in read(_NEXT, {"lanes": list(lanes), "tasks": list(known)})}


def begin_rounds(tasks: Collection[Task]) -> None:
    """Write a job for each whose slot nobody has begun, unless that of the slot before still runs."""
    values: dict[str, list[Any]] = {
        "tasks": [one.name for one in tasks],
        "lanes": [one.lane for one in tasks],
        "attempts": [one.attempts for one in tasks],
        "every": [one.every for one in tasks],
    }
    read(_ROUNDS, values)
