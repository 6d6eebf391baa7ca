"""Whom and what the issues of an archive name, as rows to find or to make."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from webapp.exchange.records import SOMEBODY, IssueRecord, LabelRecord, Person


def people(records: Sequence[IssueRecord], *, unsaid: bool) -> list[dict[str, Any]]:
    """Everybody who is needed: also whoever closed, opened or changed what the archive does not tell it of."""
    by_origin: dict[str, Person] = {}
    unsaid = unsaid or any(one.closed_by is None for one in records)
    for person in (*named(records), *([SOMEBODY] if unsaid else [])):
        by_origin.setdefault(person.origin, person)
    return [{"origin": one.origin, "name": one.name, "is_active": False} for one in by_origin.values()]


def named(records: Iterable[IssueRecord]) -> Iterator[Person]:
    """Everybody whom the issues name."""
    for record in records:
        yield record.author
        if record.closed_by is not None:
            yield record.closed_by
        yield from record.assignees
        yield from (comment.author for comment in record.comments)


def labels(records: Iterable[IssueRecord]) -> list[dict[str, Any]]:
    """The labels that the issues name, each once."""
    by_name: dict[str, LabelRecord] = {}
    for record in records:
        for label in record.labels:
            by_name.setdefault(label.name, label)
    return [{"name": one.name, "color": one.color, "description": one.description} for one in by_name.values()]
