"""An issue comes back to a project: it gets again what it left behind there, if that is still there to be had.

What it has got meanwhile stays: another milestone, another status, another parent, another label of the same scope.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.changes.batch import Batch
from webapp.changes.belongings import Belongings, Thing
from webapp.editing import relocation
from webapp.events import service as events
from webapp.issues.limits import MOST_ASSIGNEES, MOST_LABELS
from webapp.issues.statuses import StatusRow
from webapp.labels import service as labels
from webapp.models.labels import Label
from webapp.models.milestones import Milestone
from webapp.projects.service import ProjectRow
from webapp.references import resolving
from webapp.statuses import service as statuses


@dataclass(slots=True)
class Fate:
    """What becomes of an issue where it goes: what it has there, what it leaves here, and what it has again.

    `parts` are issues there that are to be parts of it.
    """

    status: Thing
    milestone_id: int | None
    parent_id: int | None
    labels: dict[int, str]
    people: list[int]
    left: Belongings
    again: Belongings = field(default_factory=Belongings)
    rank: str | None = None
    parts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Home:
    """What is still there of all that these issues left in the project. Issues go by the number that they had.

    Things are told as they are called now, and a status may mean something else by now.
    """

    labels: Mapping[int, str]
    milestones: Mapping[int, str]
    statuses: Mapping[int, StatusRow]
    people: Mapping[int, str]
    issues: Mapping[int, tuple[int, int | None]]
    above: dict[int, int]


def regain(batch: Batch, target: ProjectRow, fates: Mapping[int, Fate]) -> None:
    """Let the issues have again what they left in the project to which they go, as far as they were there before."""
    moves = events.leavings(batch.rows, target.id)
    if not moves:
        return
    behind = {id: Belongings.of(moved.left_behind) for id, moved in moves.items()}
    home, turned = _home(target, behind.values()), events.turned_since(moves, target.id)
    for id, was in behind.items():
        fate, state = fates[id], None if id in turned else batch.rows[id].is_open
        again = Belongings(
            labels=_labels(fate, was.labels, home),
            assignees=_people(fate, was.assignees, home),
            milestones=_milestone(fate, was.milestones, home),
            statuses=_status(fate, was.statuses, home, state),
            parents=_parent(id, fate, was.parents, home),
            parts=_parts(id, fate, was.parts, home),
        )
        fate.again, fate.rank = again, moves[id].rank


def _home(target: ProjectRow, behind: Any) -> _Home:
    every = Belongings.together(behind)
    issues = resolving.held(target.id, [one.id for one in (*every.parents, *every.parts)])
    return _Home(
        labels=relocation.known(target.id, [one.id for one in every.labels], Label.name),
        milestones=relocation.known(target.id, [one.id for one in every.milestones], Milestone.title),
        statuses={one.id: one for one in statuses.of_each([target.id])[target.id]} if every.statuses else {},
        people=relocation.active_members(target.id, [one.id for one in every.assignees]),
        issues=issues,
        above=relocation.above([id for id, _ in issues.values()]) if every.parents and every.parts else {},
    )


def _still(was: Sequence[Thing], known: Mapping[int, str]) -> Sequence[Thing]:
    """Those that are still there, as they are called now."""
    return [Thing(one.id, known[one.id]) for one in was if one.id in known]


def _labels(fate: Fate, was: Sequence[Thing], home: _Home) -> Sequence[Thing]:
    again = []
    for one in _still(was, home.labels):
        scopes = {scope for name in fate.labels.values() if (scope := labels.scope(name))}
        is_new = one.id not in fate.labels and labels.scope(one.name) not in scopes
        if is_new and len(fate.labels) < MOST_LABELS:
            fate.labels[one.id] = one.name
            again.append(one)
    return again


def _people(fate: Fate, was: Sequence[Thing], home: _Home) -> Sequence[Thing]:
    again = [one for one in _still(was, home.people) if one.id not in fate.people]
    again = again[: max(MOST_ASSIGNEES - len(fate.people), 0)]
    fate.people += [one.id for one in again]
    return again


def _milestone(fate: Fate, was: Sequence[Thing], home: _Home) -> Sequence[Thing]:
    again = _still(was, home.milestones) if fate.milestone_id is None else ()
    for one in again:
        fate.milestone_id = one.id
    return again


def _status(fate: Fate, was: Sequence[Thing], home: _Home, state: bool | None) -> Sequence[Thing]:
    """The former one, if it means of the issue what that is; of one that went on meanwhile `state` is None."""
    there = [home.statuses[one.id] for one in was if one.id in home.statuses]
    again = [Thing(one.id, one.name) for one in there if one.is_open is state]
    for one in again:
        fate.status = one
    return again


def _parent(id: int, fate: Fate, was: Sequence[Thing], home: _Home) -> Sequence[Thing]:
    again = [one for one in was if one.id in home.issues and fate.parent_id is None]
    for one in again:
        fate.parent_id = home.above[id] = home.issues[one.id][0]
    return again


def _parts(id: int, fate: Fate, was: Sequence[Thing], home: _Home) -> Sequence[Thing]:
    again = []
    for one in was:
        part, upper = home.issues.get(one.id, (0, None))
        if part and upper is None and part not in home.above and not _is_below(id, part, home.above):
            home.above[part] = id
            fate.parts.append(part)
            again.append(one)
    return again


def _is_below(id: int, other: int, above: Mapping[int, int]) -> bool:
    """Whether an issue is a part of another, or of a part of it, and so on."""
    while id != other and id in above:
        id = above[id]
    return id == other
