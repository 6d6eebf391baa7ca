from collections.abc import Collection, Sequence
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.bulk.schemas import MOST, BulkEdit
from webapp.changes import advancing, keeping, moving, removal, repository, tying
from webapp.changes.batch import Batch, Outcome, Refusal, Row
from webapp.changes.wanted import PLAIN, Wanted, wanted
from webapp.db import transaction
from webapp.errors import Invalid, Overtaken
from webapp.events.kinds import Milestoned
from webapp.issues import editing, finding, resolving
from webapp.projects.service import ProjectRow

__all__ = ["Outcome", "change", "count", "require_change"]


def require_change(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may change issues, be it only their own."""
    require(by, Do.EDIT_ISSUE, project, by.id)


def count(project: ProjectRow, q: str | None, numbers: Collection[int] | None, by: Viewer) -> int:
    """How many issues match a query, or are those with these numbers. Raises Invalid for more than can be changed."""
    found = repository.count(_chosen(project, q, numbers, by), MOST + 1)
    _refuse_too_many(found)
    return found


@transaction
def change(project: ProjectRow, q: str | None, edit: BulkEdit, by: Viewer) -> Outcome:
    """Change all issues that match a query, or those with these numbers, with an event in each that really differs.

    Those that `by` may not change, or that a rule keeps as they are, are left out and named. Raises Invalid for what
    cannot be done to any issue, Conflict if another number of issues matches than was expected.
    """
    require_change(project, by)
    want = wanted(project, edit, by)
    rows = repository.locked(_chosen(project, q, edit.numbers, by), MOST + 1)
    _refuse_too_many(len(rows))
    if edit.expected not in (None, len(rows)):
        raise Overtaken(f"There are {len(rows):,} of these issues now. Look again before you change them.")
    batch = Batch(project, by, {row.id: row for row in rows})
    batch.refused += _missing(project, edit.numbers, rows, by)
    apply(batch, want)
    return batch.outcome()


def apply(batch: Batch, want: Wanted) -> None:
    """Change the locked issues of a batch as it is wanted, but for those that have to be left out."""
    if "delete" in want.sent:
        removal.remove(batch)
        return
    if "move_to" in want.sent:
        moving.move(batch, want)
        return
    batch.refuse_where(lambda author_id: editing.require_fields(batch.project, author_id, want.fields, batch.by))
    if want.is_advancing:
        advancing.refuse_unfinished(batch, want)
        advancing.advance(batch, want)
    _plain(batch, want)
    _milestone(batch, want)
    if want.add_labels or want.remove_labels:
        tying.label(batch, want)
    if want.people:
        tying.assign(batch, want)
    keeping.keep(batch)


def _chosen(project: ProjectRow, q: str | None, numbers: Collection[int] | None, by: Viewer) -> Any:
    if q is None and numbers is None:
        raise Invalid.on("q", "is required, or numbers: say which issues.")
    where = finding.sought(q, project, by).where if q is not None else None
    return repository.chosen(project.id, where, numbers)


def _refuse_too_many(number: int) -> None:
    if number > MOST:
        raise Invalid.on("q", f"matches more than {MOST:,} issues, which is the most that can be changed at once.")


def _missing(project: ProjectRow, numbers: Collection[int] | None, rows: Sequence[Row], by: Viewer) -> list[Refusal]:
    gone = set(numbers or ()) - {row.number for row in rows}
    if not gone:
        return []
    former, found = resolving.gone_from(project.id, gone, by), {row.id for row in rows}
    why = {number: f"It is {one.key}-{one.number} now." for number, one in former.items()}
    return [
        Refusal(number, why.get(number, "It is not there, or does not match."))
        for number in sorted(gone)
        if number not in former or former[number].id not in found
    ]


def _plain(batch: Batch, want: Wanted) -> None:
    for name, kind in PLAIN.items():
        if name not in want.sent:
            continue
        new = want.sent[name]
        batch.values[name] = new
        for id, row in batch.rows.items():
            if (old := getattr(row, name)) != new:
                batch.tell(id, kind(old, new))


def _milestone(batch: Batch, want: Wanted) -> None:
    if "milestone" not in want.sent:
        return
    new = batch.values["milestone_id"] = want.sent["milestone"]
    differing = {id: row.milestone_id for id, row in batch.rows.items() if row.milestone_id != new}
    titles = repository.milestones({id for id in differing.values() if id is not None})
    for id, old in differing.items():
        batch.tell(id, Milestoned(titles.get(old or 0), want.milestone, old, new))
