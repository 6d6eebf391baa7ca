"""`python -m bench model`: what so many people need, by what was measured and what is assumed.

Every figure of `Given` can be told: `python -m bench model --reads 400 --kept 0.1`. docs/scaling.md says of each
where it comes from, and has the table that is printed without any.
"""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass

PEOPLE = (10, 1_000, 100_000, 10_000_000)


@dataclass(frozen=True, slots=True)
class Given:
    """What is put in. Times are of CPU in milliseconds: the application's, and PostgreSQL's."""

    # Assumed of each of those who work with it on a day.
    reads: float = 150
    changes: float = 3
    busiest: float = 0.2  # so much of a day is in its busiest hour
    watching: float = 0.1  # so many have a page before them in that hour
    again: float = 0.02  # and it asks for itself so often in a second
    heard_by: float = 5  # so many are told of a change
    issues: float = 50  # a year
    files: float = 10  # a year
    # Assumed of the machines.
    full: float = 0.5  # so busy may a core be in the busiest hour
    kept: float = 0.3  # so many pages a process has already
    # Measured.
    kept_app: float = 0.75
    kept_pg: float = 0.12
    made_app: float = 2.7
    made_pg: float = 1.0
    change_app: float = 1.7
    change_pg: float = 1.2
    told_app: float = 0.07
    told_pg: float = 0.105
    issue_bytes: float = 10_000
    file_bytes: float = 300_000
    connections: float = 15


@dataclass(frozen=True, slots=True)
class Needed:
    """What comes out: in a second of the busiest hour, and in a year."""

    people: int
    requests: float
    changes: float
    app_cores: float
    pg_cores: float
    reading: float  # so much of PostgreSQL's CPU is reading
    movable: float  # so many of its cores replicas could be: all statements of a page that is made but the first
    connections: float
    database_bytes: float
    file_bytes: float


def needed(people: int, given: Given) -> Needed:
    """What so many people need who work with it on a day."""
    an_hour = people * given.busiest / 3_600
    reads, changes = an_hour * given.reads, an_hour * given.changes
    again = people * given.watching * given.again
    app, pg = (
        (
            again * kept + reads * (given.kept * kept + (1 - given.kept) * made),
            changes * (change + given.heard_by * told),
        )
        for kept, made, change, told in (
            (given.kept_app, given.made_app, given.change_app, given.told_app),
            (given.kept_pg, given.made_pg, given.change_pg, given.told_pg),
        )
    )
    app_cores, pg_cores = (sum(each) / 1_000 / given.full for each in (app, pg))
    # A page that is kept takes the first statement alone, which says who asks and what has changed.
    later = reads * (1 - given.kept) * (given.made_pg - given.kept_pg)
    return Needed(
        people, again + reads + changes, changes, app_cores, pg_cores, pg[0] / sum(pg), later / 1_000 / given.full,
        max(2, app_cores) * given.connections,
        people * given.issues * given.issue_bytes, people * given.files * given.file_bytes,
    )  # fmt: skip


_HEADS = "people on a day", "requests/s", "changes/s", "cores, app", "cores, PG", "connections", "GB a year", "files"


def table(given: Given) -> Iterator[str]:
    """The rows of docs/scaling.md."""
    yield f"| {' | '.join(_HEADS)} |"
    yield f"|{'--:|' * len(_HEADS)}"
    for one in (needed(people, given) for people in PEOPLE):
        numbers = (one.requests, one.changes, one.app_cores, one.pg_cores, one.connections)
        sizes = one.database_bytes / 1e9, one.file_bytes / 1e9
        yield f"| {one.people:,} | {' | '.join(_short(number) for number in (*numbers, *sizes))} |"


_REPLICAS = "people on a day", "cores, app", "cores, PG", "for replicas", "left to the primary"


def replicas(given: Given) -> Iterator[str]:
    """The rows of what replicas could take, in cores."""
    yield f"| {' | '.join(_REPLICAS)} |"
    yield f"|{'--:|' * len(_REPLICAS)}"
    for one in (needed(people, given) for people in PEOPLE[1:]):
        cores = one.app_cores, one.pg_cores, one.movable, one.pg_cores - one.movable
        yield f"| {one.people:,} | {' | '.join(_short(number) for number in cores)} |"


def _short(number: float) -> str:
    """Two digits that count, as the model has no more."""
    rounded = float(f"{number:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}" if rounded >= 0.01 else "< 0.01"


def main() -> None:
    """Print the table for what is told."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in asdict(Given()).items():
        reader.add_argument(f"--{name.replace('_', '-')}", type=float, default=value, help=f"{value:,g}")
    given = Given(**vars(reader.parse_args()))
    print("\n".join(table(given)))
    print("\n".join(["", *replicas(given), ""]))
    print(f"Of PostgreSQL's CPU {needed(PEOPLE[-1], given).reading:.0%} is reading.")


if __name__ == "__main__":
    main()
