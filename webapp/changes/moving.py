"""Many issues go to another project: the rules of webapp/issues/moving.py, for all of them at once."""

from collections.abc import Mapping

from webapp.access import Do, require
from webapp.changes import keeping, relocation, repository
from webapp.changes.batch import Batch, Row
from webapp.changes.relocation import Place
from webapp.changes.want import Want
from webapp.events import service as events
from webapp.events.kinds import Moved, Reparented
from webapp.issues import linking, turns
from webapp.issues.models import Reason
from webapp.labels import service as labels
from webapp.milestones import service as milestones
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses


def move(batch: Batch, want: Want) -> None:
    """Give the issues the next numbers of another project. Their old numbers go on leading to them."""
    target, ids = want.target, list(batch.rows)
    require(batch.by, Do.EDIT_ISSUE, batch.project)
    if target is None or not ids:
        return
    relocation.remember_places(ids)
    _release_children(batch)
    tied, lost = _labels(batch, target)
    turns.take_labels({label_id for _, label_id in [*tied, *lost]})
    turns.take_projects(batch.project.id, target.id)
    repository.untie_labels(lost)
    _settle(batch, target)
    repository.tie_labels(tied)
    keeping.count_labels((id for _, id in tied), (id for _, id in lost))
    relocation.leave_strangers(ids, target.id)
    _count(batch, target)
    events.rehome(ids, target.id)
    keeping.record(batch, at=target)


def _release_children(batch: Batch) -> None:
    told = {}
    for child, parent in relocation.release_children(batch.rows).items():
        number = batch.rows[parent].number
        told[child] = Reparented(f"{batch.project.key}-{number}", None, number, None)
    events.record_each(batch.project.id, batch.by, told.items())


def _labels(batch: Batch, target: ProjectRow) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What the issues carry there by the same names, and what they carry here: pairs of an issue and a label."""
    names = {label.id: label.name for label in labels.of(batch.project)}
    there = dict(zip(names, labels.sought(target, list(names.values())), strict=True)) if names else {}
    lost = [(id, one) for id, held in repository.labels_of(batch.rows).items() for one in held]
    return [(id, there[one]) for id, one in lost if there.get(one)], lost


def _settle(batch: Batch, target: ProjectRow) -> None:
    first = relocation.next_numbers(target.id, len(batch.rows))
    here = {status.id: status for status in statuses.of(batch.project)}
    there = {(status.name.casefold(), status.is_open): status.id for status in statuses.of(target)}
    others = _others(target)
    titles = {id: title.casefold() for id, title in relocation.milestones(batch.rows).items()}
    chosen = {one.title.casefold(): one.id for one in milestones.choices(target)}
    places = []
    for number, (id, row) in enumerate(batch.rows.items(), first):
        status = there.get((here[row.status_id].name.casefold(), row.is_open)) or others[_kind(row)]
        places.append(Place(id, number, status, chosen.get(titles.get(row.milestone_id or 0, ""))))
        former = linking.told(target, batch.project, f"{batch.project.key}-{row.number}")
        batch.tell(id, Moved(former, f"{target.key}-{number}"))
    relocation.settle(target.id, places)


def _kind(row: Row) -> str:
    """What an issue is, for a status where no other is of the same name."""
    if row.is_open:
        return "open"
    return "completed" if row.close_reason in (None, Reason.COMPLETED) else "dropped"


def _others(target: ProjectRow) -> Mapping[str, int]:
    return {
        "open": statuses.first(target).id,
        "completed": statuses.closed(target, completed=True).id,
        "dropped": statuses.closed(target, completed=False).id,
    }


def _count(batch: Batch, target: ProjectRow) -> None:
    opened = sum(row.is_open for row in batch.rows.values())
    closed = len(batch.rows) - opened
    repository.count_issues(batch.project.id, opened=-opened, closed=-closed)
    repository.count_issues(target.id, opened=opened, closed=closed)
