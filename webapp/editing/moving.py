"""Issues go to another project, one or many: what they carry is found there by name, or stays behind.

Each `moved` event says what stayed. Who comes back has it again, by a move or by Undo.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from uuid import UUID

from webapp.access import Do, Viewer, require
from webapp.changes import keeping, repository, ties
from webapp.changes.batch import Batch
from webapp.changes.belongings import Belongings, Thing
from webapp.changes.rows import Row
from webapp.db import transaction
from webapp.editing import left, regaining, relocation, rewording
from webapp.editing.left import There
from webapp.editing.regaining import Fate
from webapp.editing.relocation import Destination
from webapp.editing.rewording import Reworded
from webapp.editing.targets import target_of, targets
from webapp.errors import NotFound
from webapp.events import service as events
from webapp.events.kinds import Moved, Reparented
from webapp.issues import linking, locks
from webapp.issues.rows import IssueDetail
from webapp.issues.service import get, read
from webapp.models.issues import Reason
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses
from webapp.statuses.service import StatusRow


@dataclass(frozen=True, slots=True)
class Way:
    """A project that issues can go to, and what they would leave behind."""

    project: ProjectRow
    left_behind: Belongings

    @property
    def id(self) -> int:
        return self.project.id

    @property
    def key(self) -> str:
        return self.project.key

    @property
    def name(self) -> str:
        return self.project.name


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedIssue(IssueDetail):
    """An issue where it is now, what it left behind, and the change that took it there."""

    left_behind: Belongings
    change_id: UUID


def ways(project: ProjectRow, rows: Sequence[Row], by: Viewer, ref: str | None = None) -> Sequence[Way]:
    """Where these issues can go, or what comes of it if they go to this one project."""
    require(by, Do.EDIT_ISSUE, project)
    to = targets(project, by) if ref is None else [target_of(project, ref, by)]
    if not to:
        return []
    held = left.of_each(project, {row.id: row for row in rows}).values()
    every, there = Belongings.together(held), left.there([one.id for one in to], held)
    states = {row.is_open for row in rows}
    is_open = states.pop() if len(states) == 1 else None
    return [Way(one, left.left(every, there[one.id], is_open=is_open)) for one in to]


def ways_of_one(project: ProjectRow, issue: IssueDetail, by: Viewer, ref: str | None = None) -> Sequence[Way]:
    """The same for one issue."""
    return ways(project, repository.rows([issue.id]), by, ref)


def move_one(project: ProjectRow, number: int, ref: str, by: Viewer) -> MovedIssue:
    """Give an issue the next number of another project. Its old number goes on leading to it."""
    require(by, Do.EDIT_ISSUE, project)
    target = target_of(project, ref, by)
    issue = read(project, number, by)
    batch = _move_one(project, number, target, rewording.reworded([issue.id], project), by)
    return moved_issue(batch, issue.id, target, by)


def moved_issue(batch: Batch, id: int, target: ProjectRow, by: Viewer) -> MovedIssue:
    """An issue that a batch has taken to another project, as it is there."""
    issue = get(target, int(batch.went[id].rpartition("-")[2]), by)
    values = {one.name: getattr(issue, one.name) for one in fields(IssueDetail)}
    return MovedIssue(**values, left_behind=batch.left[id], change_id=batch.change)


@transaction
def _move_one(project: ProjectRow, number: int, target: ProjectRow, texts: Reworded, by: Viewer) -> Batch:
    linking.lock_ties()
    rows = repository.going(repository.chosen(project.id, None, [number]))
    if not rows:
        read(project, number, by)
        raise NotFound()  # it came between the two
    batch = Batch(project, by, {row.id: row for row in rows})
    move(batch, target, texts)
    return batch


def move(batch: Batch, target: ProjectRow, texts: Reworded, former: Mapping[int, int] | None = None) -> None:
    """Take the locked issues of a batch to another project, whose next numbers they get, and tell what they leave.

    `texts` are theirs, as `rewording.reworded` read them before. `former` are numbers there that are theirs again.
    Whoever comes here has the turn to tie issues. Raises Conflict if a text was written meanwhile.
    """
    require(batch.by, Do.EDIT_ISSUE, batch.project)
    require(batch.by, Do.EDIT_ISSUE, target)
    if not batch.rows:
        return
    held = left.of_each(batch.project, batch.rows)
    fates = _fates(batch, target, held)
    regaining.regain(batch, target, fates)
    relocation.remember_places(batch.rows)
    if any(has.parts for has in held.values()):
        _release_children(batch)
    _tie(held, fates)
    locks.take_projects(batch.project.id, target.id)
    numbers = _numbers(batch, target, former or {})
    relocation.settle(target.id, [_destination(id, numbers[id], fate) for id, fate in fates.items()])
    _take_in_parts(batch, target, numbers, fates)
    rewording.write(texts, batch.rows)
    _count(batch)
    events.rehome(list(batch.rows), target.id, hidden=linking.hidden_for(target, batch.project))
    _tell(batch, target, numbers, fates, held)
    keeping.record(batch, at=target)


def _fates(batch: Batch, target: ProjectRow, held: Mapping[int, Belongings]) -> dict[int, Fate]:
    there = left.there([target.id], held.values())[target.id]
    others = _others(there.statuses)
    return {id: _fate(batch, row, held[id], there, others) for id, row in batch.rows.items()}


def _fate(batch: Batch, row: Row, held: Belongings, there: There, others: Mapping[str, StatusRow]) -> Fate:
    status = there.status(held.statuses[0].name, is_open=row.is_open) or others[_kind(row)]
    milestones = [there.milestones[one.name] for one in held.milestones if one.name in there.milestones]
    return Fate(
        status=Thing(status.id, status.name),
        milestone_id=milestones[0] if milestones else None,
        parent_id=row.parent_id if row.parent_id in batch.rows else None,
        labels={there.labels[one.name]: one.name for one in held.labels if one.name in there.labels},
        people=[one.id for one in held.assignees if one.id in there.people],
        left=left.left(held, there, is_open=row.is_open),
    )


def _kind(row: Row) -> str:
    """What an issue is, for a status where no other is of the same name."""
    if row.is_open:
        return "open"
    return "completed" if row.close_reason in (None, Reason.COMPLETED) else "dropped"


def _others(there: Sequence[StatusRow]) -> Mapping[str, StatusRow]:
    return {
        "open": next(one for one in there if one.is_open),
        "completed": statuses.nearest(there, completed=True),
        "dropped": statuses.nearest(there, completed=False),
    }


def _release_children(batch: Batch) -> None:
    happened = {}
    for child, parent in relocation.release_children(batch.rows).items():
        number = batch.rows[parent].number
        happened[child] = Reparented(f"{batch.project.key}-{number}", None, number, None)
    events.record_each(batch.project.id, batch.by, happened.items())


def _tie(held: Mapping[int, Belongings], fates: Mapping[int, Fate]) -> None:
    """Take from the issues what is of their project, and give them what they have in the other."""
    lost = [(id, one.id) for id, has in held.items() for one in has.labels]
    tied = [(id, label_id) for id, fate in fates.items() for label_id in fate.labels]
    locks.take_labels({label_id for _, label_id in [*tied, *lost]})
    ties.relabel(tied, lost, ties.counted(tied, lost))
    _reassign(held, fates)


def _reassign(held: Mapping[int, Belongings], fates: Mapping[int, Fate]) -> None:
    had = {id: {one.id for one in has.assignees} for id, has in held.items()}
    gone = [(id, one) for id, fate in fates.items() for one in had[id] - set(fate.people)]
    ties.reassign([(id, one) for id, fate in fates.items() for one in fate.people if one not in had[id]], gone)


def _numbers(batch: Batch, target: ProjectRow, former: Mapping[int, int]) -> dict[int, int]:
    again = relocation.take_back_places(target.id, former) if former else {}
    new, states = [id for id in batch.rows if id not in again], Counter(row.is_open for row in batch.rows.values())
    first = relocation.next_numbers(target.id, len(new), opened=states[True], closed=states[False])
    return {**again, **dict(zip(new, range(first, first + len(new)), strict=True))}


def _destination(id: int, number: int, fate: Fate) -> Destination:
    return Destination(id, number, fate.status.id, fate.milestone_id, fate.parent_id, fate.rank)


def _take_in_parts(batch: Batch, target: ProjectRow, numbers: Mapping[int, int], fates: Mapping[int, Fate]) -> None:
    pairs = [(part, id) for id, fate in fates.items() for part in fate.parts]
    relocation.put_under(pairs)
    happened = {}
    for part, id in pairs:
        happened[part] = Reparented(None, f"{target.key}-{numbers[id]}", None, numbers[id])
    events.record_each(target.id, batch.by, happened.items())


def _tell(
    batch: Batch,
    target: ProjectRow,
    numbers: Mapping[int, int],
    fates: Mapping[int, Fate],
    held: Mapping[int, Belongings],
) -> None:
    for id, row in batch.rows.items():
        former = linking.name_for(target, batch.project, f"{batch.project.key}-{row.number}")
        fate = fates[id]
        batch.left[id], batch.went[id] = fate.left, f"{target.key}-{numbers[id]}"
        behind = fate.left if former else _unnamed(fate.left)
        status = fate.status if fate.left.statuses and not fate.again.statuses else None
        told = behind.behind(), fate.again.behind(), status, batch.project.id, row.number, held[id].rank
        batch.tell(id, Moved(former, batch.went[id], *told))


def _unnamed(behind: Belongings) -> Belongings:
    """The same without the key of the project, which not everybody may know where they are now."""

    def only(refs: Collection[Thing]) -> list[Thing]:
        return [Thing(one.id, f"#{one.id}") for one in refs]

    return replace(behind, parents=only(behind.parents), parts=only(behind.parts))


def _count(batch: Batch) -> None:
    """There are so many less here; the other project counted them when it gave their numbers."""
    states = Counter(row.is_open for row in batch.rows.values())
    repository.count_issues(batch.project.id, opened=-states[True], closed=-states[False])
