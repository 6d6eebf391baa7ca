"""Write some issues of an archive, each whole: with its comments, events, labels, milestone and assignees."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.db import AnyRow, transaction
from webapp.exchange import milestones, naming, referring, repository, telling
from webapp.exchange.ledger import ASSIGNEES, COMMENTS, DELETED, EDITED, LABELS, PEOPLE, Ledger
from webapp.exchange.records import SOMEBODY, IssueRecord
from webapp.exchange.telling import After, Entry, Names
from webapp.models.issues import Reason, State
from webapp.models.statuses import Category

COMPARED = ("title", "body", "state", "close_reason", "closed_at", "priority")


@dataclass(slots=True)
class Batch:
    """Some issues of the archive on their way in, and what is here for them."""

    project_id: int
    present: dict[int, AnyRow]
    milestones: milestones.Known
    ledger: Ledger
    statuses: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)
    new: list[IssueRecord] = field(default_factory=list)
    changed: list[IssueRecord] = field(default_factory=list)
    # Those that are here and are not written: a comment may be new.
    others: list[IssueRecord] = field(default_factory=list)


@transaction
def write(project_id: int, records: Sequence[IssueRecord], gone: set[int], ledger: Ledger) -> list[int]:
    """Write what is new or has changed over there; returns the ids of the issues whose texts are to be read again.

    All of it or nothing, and quickly: others write in the project meanwhile. The rows of issues are taken first,
    then labels, then the project, as everywhere.
    """
    repository.take_time()
    repository.be_unheard()
    numbers = [record.number for record in records]
    gone = gone | repository.away(project_id, numbers)
    known = milestones.Known(project_id)
    batch = Batch(project_id, repository.present(project_id, numbers), known, ledger)
    _sort(batch, records, gone)
    _take_changed(batch)
    taken = [*batch.new, *batch.changed]
    _prepare(batch, taken)
    _add(batch)
    moved = _change(batch)
    _assign(batch, taken)
    tied = _tie(batch, taken)  # before there are comments, as the search words of those would be made again
    commented = _comment(batch)
    repository.count_labels(tied)
    _count(batch, moved)
    return list(dict.fromkeys([*(batch.ids[record.number] for record in taken), *commented]))


def _sort(batch: Batch, records: Iterable[IssueRecord], gone: set[int]) -> None:
    for record in records:
        row = batch.present.get(record.number)
        if record.number in gone or (row is not None and row.deleted_at is not None):
            _leave(batch, record)
        elif row is None:
            batch.new.append(record)
        else:
            batch.ids[record.number] = row.id
            (batch.changed if _differs(batch, record, row) else batch.others).append(record)


def _leave(batch: Batch, record: IssueRecord) -> None:
    batch.ledger.leave(record.kind, DELETED)
    batch.ledger.leave(COMMENTS, f"their issues were {DELETED}", len(record.comments))
    batch.ledger.leave(ASSIGNEES, f"their issues were {DELETED}", len(record.assignees))


def _take_changed(batch: Batch) -> None:
    """Look again at what is to be changed, now that nobody else can: what somebody edited here is kept."""
    _count_unchanged(batch.ledger, batch.others)
    numbers = [record.number for record in batch.changed]
    rows = repository.present(batch.project_id, numbers, locked=True) if numbers else {}
    batch.present |= rows
    kept = [one for one in batch.changed if one.number not in rows or rows[one.number].version > 1]
    _leave_edited(batch.ledger, kept)
    batch.others += [record for record in kept if record.number in rows]
    batch.changed = [record for record in batch.changed if record not in kept]


def _count_unchanged(ledger: Ledger, records: Sequence[IssueRecord]) -> None:
    ledger.as_before.update(record.kind for record in records)
    ledger.as_before[ASSIGNEES] += sum(len(record.assignees) for record in records)


def _leave_edited(ledger: Ledger, kept: Sequence[IssueRecord]) -> None:
    for record in kept:
        ledger.leave(record.kind, EDITED)
        ledger.leave(ASSIGNEES, f"their issues were {EDITED}", len(record.assignees))


def _differs(batch: Batch, record: IssueRecord, row: AnyRow) -> bool:
    """A later activity here is no difference; one over there is. Nor is what the archive does not speak of."""
    return (
        record.updated_at > row.updated_at
        or any(getattr(record, name) != getattr(row, name) for name in COMPARED)
        or ("milestone" not in record.unsaid and _has_other_milestone(batch, record, row))
        or ("assignees" not in record.unsaid and {one.origin for one in record.assignees} != set(row.assigned or ()))
    )


def _has_other_milestone(batch: Batch, record: IssueRecord, row: AnyRow) -> bool:
    id = batch.milestones.id(record.milestone)
    return id != row.milestone_id or (id is None and record.milestone is not None)


def _prepare(batch: Batch, records: Sequence[IssueRecord]) -> None:
    """Find or make whom and what these issues name. For others nothing is made, or deleted labels would come back."""
    batch.statuses = _statuses(batch.project_id)
    batch.people, new = repository.people(naming.people([*records, *batch.others], unsaid=bool(batch.changed)))
    batch.ledger.added[PEOPLE] += len(new - {SOMEBODY.origin})
    if new:
        referring.name_people(list(new))
    batch.labels, added = repository.labels(batch.project_id, naming.labels(records))
    batch.ledger.added[LABELS] += added
    batch.milestones = milestones.make(batch.milestones, records, batch.ledger)


def _add(batch: Batch) -> None:
    if not batch.new:
        return
    batch.ids |= repository.add_issues(batch.project_id, [_issue(batch, record) for record in batch.new])
    _tell(batch, [(record.number, telling.of_new(record)) for record in batch.new])
    batch.ledger.added.update(record.kind for record in batch.new)


def _change(batch: Batch) -> list[IssueRecord]:
    """Change those that have changed over there; returns those that were closed or opened again by it."""
    if not batch.changed:
        return []
    values = [_changes(batch, record) for record in batch.changed]
    repository.change_issues(values)
    _tell_changed(batch, values)
    moved = [one for one in batch.changed if one.state != batch.present[one.number].state]
    batch.ledger.changed.update(record.kind for record in batch.changed)
    return moved


def _issue(batch: Batch, record: IssueRecord) -> dict[str, Any]:
    return {
        "project_id": batch.project_id,
        "number": record.number,
        "origin": record.origin,
        "author_id": batch.people[record.author.origin],
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "status_id": _status(batch, record),
        "milestone_id": batch.milestones.id(record.milestone),
        "comment_count": len(record.comments),
        **{name: getattr(record, name) for name in COMPARED},
    }


def _changes(batch: Batch, record: IssueRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in COMPARED}
    present = batch.present[record.number]
    values["status_id"] = present.status_id if record.state == present.state else _status(batch, record)
    values["updated_at"] = max(record.updated_at, present.updated_at)
    unsaid = "milestone" in record.unsaid
    values["milestone_id"] = present.milestone_id if unsaid else batch.milestones.id(record.milestone)
    return {"id": batch.ids[record.number], "body_html": None, "html_version": None, **values}


def _statuses(project_id: int) -> dict[str, int]:
    """The statuses that imported issues get: open ones the first, closed ones by whether they were done."""
    statuses = repository.statuses(project_id)
    closed = [status for status in statuses if not status.is_open]
    done = next((one for one in closed if one.category == Category.DONE), closed[0])
    canceled = next((one for one in closed if one.category == Category.CANCELED), closed[0])
    first = next(status for status in statuses if status.is_open)
    return {"open": first.id, "done": done.id, "canceled": canceled.id}


def _status(batch: Batch, record: IssueRecord) -> int:
    if record.state == State.OPEN:
        return batch.statuses["open"]
    return batch.statuses["done" if record.close_reason in (None, Reason.COMPLETED) else "canceled"]


def _tell_changed(batch: Batch, values: Sequence[Mapping[str, Any]]) -> None:
    """Write what has become another of those that were here, while how they were is still known."""
    after = [_after(batch, record, value) for record, value in zip(batch.changed, values, strict=True)]
    before = [batch.present[record.number] for record in batch.changed]
    names = Names(
        {one.id: one.name for one in repository.statuses(batch.project_id)},
        {row.id: row.title for row in batch.milestones.rows},
        repository.label_names({id for one in before for id in one.label_ids} | set(batch.labels.values())),
        repository.people_names({id for one in before for id in one.assignee_ids} | set(batch.people.values())),
    )
    entries = zip(batch.changed, before, after, strict=True)
    _tell(batch, [(record.number, telling.of_changed(record, row, then, names)) for record, row, then in entries])


def _tell(batch: Batch, entries: Iterable[tuple[int, Iterable[Entry]]]) -> None:
    """Write what happened to each of these issues, by its number."""
    rows = [telling.rows(batch.project_id, batch.ids[number], batch.people, those) for number, those in entries]
    repository.add_events([row for each in rows for row in each])


def _after(batch: Batch, record: IssueRecord, values: Mapping[str, Any]) -> After:
    people = [batch.people[person.origin] for person in record.assignees]
    labels = list(dict.fromkeys(batch.labels[label.name] for label in record.labels))
    unsaid = "assignees" in record.unsaid
    return After(values["status_id"], values["milestone_id"], labels, None if unsaid else list(dict.fromkeys(people)))


def _assign(batch: Batch, records: Sequence[IssueRecord]) -> None:
    known = [record for record in records if "assignees" not in record.unsaid]
    again = [record for record in known if record.number in batch.present]
    if again:
        repository.unassign([batch.ids[record.number] for record in again])
    repository.assign(
        [
            {"issue_id": batch.ids[record.number], "user_id": batch.people[person.origin]}
            for record in known
            for person in record.assignees
        ]
    )
    for record in known:
        _count_assigned(batch, record)


def _count_assigned(batch: Batch, record: IssueRecord) -> None:
    """Tell who has the issue now, of those as before."""
    row = batch.present.get(record.number)
    before = set(row.assigned or ()) if row is not None else set()
    stayed = sum(person.origin in before for person in record.assignees)
    batch.ledger.as_before[ASSIGNEES] += stayed
    batch.ledger.added[ASSIGNEES] += len(record.assignees) - stayed


def _comment(batch: Batch) -> list[int]:
    """Add the comments that are not there yet; returns the issues that were here and got some."""
    old = [*batch.changed, *batch.others]
    known = repository.present_comments([batch.ids[record.number] for record in old])
    values: list[dict[str, Any]] = [
        {
            "issue_id": batch.ids[record.number],
            "author_id": batch.people[comment.author.origin],
            "body": comment.body,
            "created_at": comment.created_at,
            "edited_at": comment.edited_at,
            "origin": comment.origin,
        }
        for record in (*batch.new, *old)
        for comment in record.comments
        if (batch.ids[record.number], comment.origin) not in known
    ]
    repository.add_comments(values)
    batch.ledger.added[COMMENTS] += len(values)
    read = sum(len(record.comments) for record in (*batch.new, *old))
    batch.ledger.as_before[COMMENTS] += read - len(values)
    were_here = {batch.ids[record.number] for record in old}
    added = Counter(value["issue_id"] for value in values if value["issue_id"] in were_here)
    repository.count_comments(added)
    return list(added)


def _tie(batch: Batch, records: Sequence[IssueRecord]) -> Counter[int]:
    """Tie labels to issues; returns to how many more each is tied now.

    Two names of one issue may be one label: the database tells.
    """
    tied: Counter[int] = Counter()
    if batch.changed:
        tied.subtract(repository.untie_labels([batch.ids[record.number] for record in batch.changed]))
    ties = {(batch.ids[record.number], batch.labels[label.name]) for record in records for label in record.labels}
    repository.tie_labels([{"issue_id": issue_id, "label_id": label_id} for issue_id, label_id in sorted(ties)])
    tied.update(label_id for _, label_id in ties)
    return tied


def _count(batch: Batch, moved: Sequence[IssueRecord]) -> None:
    closed = sum(record.state == State.CLOSED for record in batch.new)
    turned = sum(1 if record.state == State.CLOSED else -1 for record in moved)
    if batch.new or batch.changed:
        repository.count(batch.project_id, opened=len(batch.new) - closed - turned, closed=closed + turned)
