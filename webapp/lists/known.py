"""What stands beside an issue in words, by its ids, as far as a process knows that without asking."""

from collections.abc import Sequence
from typing import NamedTuple

from webapp.accounts.rows import Person
from webapp.issues.rows import LabelRow, MilestoneRef
from webapp.lists import words
from webapp.projects.service import ProjectRow


class Ids(NamedTuple):
    """What an issue names. Several are written as PostgreSQL writes an array."""

    author_id: int
    status_id: int
    milestone_id: int | None
    label_ids: str
    assignee_ids: str


class Named(NamedTuple):
    """The same in words."""

    author: Person
    status: str
    status_category: str
    milestone: MilestoneRef | None
    labels: tuple[LabelRow, ...]
    assignees: tuple[Person, ...]


def array(ids: Sequence[int]) -> str:
    """Several ids as PostgreSQL writes them."""
    return f"{{{','.join(map(str, ids))}}}"


def named(project: ProjectRow, ids: Ids) -> Named | None:
    """What the ids of an issue of this project stand for; None if something of it has gone meanwhile."""
    known = words.of(project, [ids])
    if known is None:
        return None
    milestone = known.milestones[ids.milestone_id] if ids.milestone_id is not None else None
    labels, people = known.labels_of([ids])[ids.label_ids], known.people_of([ids])[ids.assignee_ids]
    return Named(known.people[ids.author_id], *known.statuses[ids.status_id], milestone, labels, people)
