"""Issues that a comment says it fixes are closed by it, if its author may do that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from webapp.access import Viewer
from webapp.editing import service as editing
from webapp.errors import CairnError
from webapp.issues import linking, locks
from webapp.issues.linking import name_for
from webapp.issues.rows import IssueDetail
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references.service import issues_meant


@dataclass(frozen=True, slots=True)
class Closed:
    """The issues of a project that a comment closed, in one change of them."""

    project_key: str
    keys: Sequence[str]
    change_id: UUID


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """An issue that a comment says it fixes, and that stays open all the same, and why."""

    key: str
    detail: str


@dataclass(frozen=True, slots=True)
class Closings:
    """What came of the closing words of a comment."""

    closed: Sequence[Closed] = ()
    left_open: Sequence[LeftOpen] = ()


NOTHING = Closings()
# The ids of issues, by their projects.
Named = Mapping[ProjectRow, Sequence[int]]


def hold_named(project: ProjectRow, issue: IssueDetail, names: Sequence[str], by: Viewer) -> Named:
    """Hold an issue together with those of which a new comment on it says by these words that it fixes them.

    In the order of all, before anything is written: the issues, and then their projects where these are several.
    """
    named = _named(project, issue, names, by)
    if named:
        linking.hold_each([issue.id, *(id for ids in named.values() for id in ids)])
    if homes := {home.id for home in named} - {project.id}:
        locks.take_projects(project.id, *homes)
    return named


def close_named(
    project: ProjectRow, issue: IssueDetail, named: Named, by: Viewer, *, is_told: bool = True
) -> Closings:
    """Close these held issues, as a comment on another one says: those of a project in one change.

    `is_told`: whether they tell where that was said, which of a private comment they do not.

    What its author may not close, or what is not finished yet, stays open, and is told with the reason; what is
    closed already is not told.
    """
    closed, left = [], []
    for home, ids in named.items():
        batch = editing.close_named(home, ids, by, cause=name_for(home, project, issue.key) if is_told else None)
        left += [LeftOpen(f"{home.key}-{one.number}", one.detail) for one in batch.refused]
        if numbers := sorted(batch.rows[id].number for id in batch.changed):
            closed.append(Closed(home.key, [f"{home.key}-{number}" for number in numbers], batch.change))
    return Closings(closed, left)


def _named(project: ProjectRow, issue: IssueDetail, names: Sequence[str], by: Viewer) -> Named:
    """The issues that some words name, but for the comment's own, as far as `by` sees them."""
    found: dict[str, list[int]] = {}
    for one in issues_meant(names, project, by) if names else ():
        if one.id != issue.id:
            found.setdefault(one.key, []).append(one.id)
    homes = {key: project if key == project.key else _seen(key, by) for key in found}
    return {home: found[key] for key, home in homes.items() if home is not None}


def _seen(key: str, by: Viewer) -> ProjectRow | None:
    try:
        return projects.get(key, by)
    except CairnError:
        return None  # it went between the two
