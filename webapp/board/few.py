"""The cards of a board that are found all at once: where those of a filter are few, no column is walked through."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Text, cast, exists, func, literal, null, select, union_all

from webapp.board.columns import Cards, keys_of, ways_of
from webapp.board.repository import Card, in_order
from webapp.db import AnySelect
from webapp.lists.listed import TOLD, beside_parent
from webapp.lists.walking import Gathering
from webapp.models.issues import Issue
from webapp.projects.rows import ProjectRow
from webapp.reading import read

# What says in which columns an issue is, and where there.
_READ = (
    Issue.id, Issue.position, Issue.state, Issue.status_id, Issue.priority, Issue.milestone_id,
    Issue.label_ids, Issue.assignee_ids,
)  # fmt: skip
# Each column looks through all that was found: so many looks are worth it.
EACH = 300_000
_NO_TEXT, _NO_NUMBER = cast(null(), Text), cast(null(), BigInteger)


def cards(
    project: ProjectRow, columns: Mapping[str, Cards], gathering: Gathering, limit: int, after: str | None
) -> tuple[list[Card], dict[str, int]] | None:
    """What `repository.cards` finds, and how many cards each column has that has any; None if there are too many.

    One statement for both.
    """
    gathering = replace(gathering, most=min(gathering.most, EACH // len(columns)))
    rows = read(_statement(columns, gathering, limit, after)).all()
    if next(number for key, _, _, number in rows if key is None) > gathering.most:
        return None
    keys = keys_of(columns)
    counts = {keys[key]: number for key, _, place, number in rows if key is not None and place is None}
    return in_order(project, columns, [row for row in rows if row[2] is not None]), counts


def _statement(columns: Mapping[str, Cards], gathering: Gathering, limit: int, after: str | None) -> Any:
    """The number of all, the first cards, the number of each column: of more than `most` only the first."""
    all_of_them = gathering.of(_READ).limit(gathering.most + 1).cte("gathered")
    total = select(func.count().label("number")).select_from(all_of_them).cte("total")
    are_few = exists().where(total.c.number <= gathering.most)
    alike, others = ways_of(columns)

    def those(column: Cards) -> AnySelect:
        return select(all_of_them.c.id, all_of_them.c.position).where(column.has(all_of_them.c), are_few)

    def first(column: Cards) -> AnySelect:
        beyond = () if after is None else (all_of_them.c.position > after,)
        return those(column).where(*beyond).order_by(all_of_them.c.position).limit(limit)

    firsts = [select(literal(key).label("key"), first(one).subquery()) for key, one in others.items()]
    counts = [
        select(literal(key), select(func.count()).select_from(those(one).subquery()).scalar_subquery())
        for key, one in others.items()
    ]
    if alike is not None:
        firsts.append(alike.firsts(first(alike.cards)))
        counts.append(alike.counts(those(alike.cards)))
    return union_all(
        select(_NO_TEXT, _NO_TEXT, _NO_TEXT, total.c.number), _told(union_all(*firsts)), *map(_numbered, counts)
    )


def _told(firsts: Any) -> AnySelect:
    found = firsts.subquery("firsts")
    key, id, place = found.c
    return beside_parent(select(key, TOLD, place, _NO_NUMBER)).join(found, id == Issue.id)


def _numbered(counts: AnySelect) -> AnySelect:
    key, number = counts.subquery("counts").c
    return select(key, _NO_TEXT, _NO_TEXT, number)
