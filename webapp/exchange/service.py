"""Bring an archive into a project: all of it or nothing, and a second time only what is new."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from webapp.db import AnyRow, transaction
from webapp.errors import Conflict, Invalid
from webapp.exchange import referring, repository
from webapp.exchange.records import Archive, IssueRecord, LabelRecord, Person
from webapp.issues.models import Reason, State
from webapp.projects.models import Project
from webapp.statuses.models import Category

BATCH = 1000
COMPARED = ("title", "body", "state", "close_reason", "closed_at", "priority")


@dataclass(slots=True)
class Report:
    """What an import did. `kept` issues were changed here and are left as they are, `deleted` ones left out."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    deleted: int = 0
    comments: int = 0
    people: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """Some issues of the archive on their way in."""

    project_id: int
    source: str
    people: dict[str, int]
    labels: dict[str, int]
    statuses: dict[str, int]
    present: dict[int, AnyRow]
    report: Report
    ids: dict[int, int] = field(default_factory=dict)
    new: list[IssueRecord] = field(default_factory=list)
    touched: list[IssueRecord] = field(default_factory=list)


@transaction
def bring_in(archive: Archive, key: str, owner: str | None, step: Callable[[int], None]) -> Report:
    """Import the archive into the project with this key, which is made if it is missing.

    `step` is told how many issues have just been done. Raises Invalid for an unknown owner, Conflict where a
    number is already taken by an issue that did not come from this archive.
    """
    repository.take_time()
    project = _project(archive, key.upper(), owner)
    gone = repository.gone(project.id)
    issues = [record for record in archive.issues if record.number not in gone]
    present = repository.present(project.id)
    _refuse_foreign(archive.source, issues, present, key)
    report = Report(deleted=len(archive.issues) - len(issues), notes=archive.notes)
    step(report.deleted)
    people = repository.people(_people(issues))
    referring.name_people(list(people))
    report.people = len(people)
    labels = repository.labels(project.id, _labels(_due(issues, present)))
    statuses = _statuses(project.id)
    written: list[int] = []
    for start in range(0, len(issues), BATCH):
        records = issues[start : start + BATCH]
        batch = Batch(project.id, archive.source, people, labels, statuses, present, report)
        written += _write(batch, records)
        step(len(records))
    if written:
        repository.settle(project.id, written)
        referring.refer(project, list(dict.fromkeys(written)))
    return report


def refresh_statistics() -> None:
    """After an import, so that the first page afterwards is planned for what is there."""
    repository.analyze()


def _project(archive: Archive, key: str, owner: str | None) -> Project:
    found = repository.project(key)
    if found is not None:
        return found
    user = repository.owner(owner)
    if user is None:
        raise Invalid.on("--owner", "must be the e-mail of somebody with an account; see `flask create-user`.")
    project = Project(key=key, name=archive.source[:100] or key, owner_id=user.id, visibility="private")
    repository.add_project(project)
    return project


def _refuse_foreign(source: str, records: Sequence[IssueRecord], present: dict[int, AnyRow], key: str) -> None:
    for record in records:
        row = present.get(record.number)
        if row is not None and row.origin != _origin(source, record):
            raise Conflict(f"{key}-{record.number} exists and did not come from {source}.")


def _due(records: Sequence[IssueRecord], present: dict[int, AnyRow]) -> list[IssueRecord]:
    """Those that will be written: for others no labels are made, or deleted ones would come back empty."""
    rows = [(one, present.get(one.number)) for one in records]
    return [one for one, row in rows if row is None or (row.version == 1 and _differs(one, row))]


def _write(batch: Batch, records: Sequence[IssueRecord]) -> list[int]:
    """Write one batch; returns the ids of the issues whose counters may have changed."""
    for record in records:
        _sort_in(batch, record)
    if batch.new:
        batch.ids |= repository.add_issues(batch.project_id, [_issue(batch, record) for record in batch.new])
        repository.add_events([event for record in batch.new for event in _events(batch, record)])
    changed = [record for record in batch.touched if _differs(record, batch.present[record.number])]
    if changed:
        repository.change_issues([_change(batch, record) for record in changed])
        repository.untie_labels([batch.ids[record.number] for record in changed])
        moved = [one for one in changed if one.state != batch.present[one.number].state]
        repository.add_events([_turn(batch, record) for record in moved])
    _tie(batch, [*batch.new, *changed])
    commented = _comment(batch, records)
    return [batch.ids[r.number] for r in (*batch.new, *changed)] + commented


def _sort_in(batch: Batch, record: IssueRecord) -> None:
    row = batch.present.get(record.number)
    if row is None:
        batch.new.append(record)
        batch.report.added += 1
        return
    batch.ids[record.number] = row.id
    if not _differs(record, row):
        batch.report.unchanged += 1
    elif row.version > 1:
        batch.report.kept += 1
    else:
        batch.touched.append(record)
        batch.report.changed += 1


def _differs(record: IssueRecord, row: AnyRow) -> bool:
    """A later activity here is no difference; one over there is."""
    return record.updated_at > row.updated_at or any(getattr(record, name) != getattr(row, name) for name in COMPARED)


def _issue(batch: Batch, record: IssueRecord) -> dict[str, Any]:
    return {
        "project_id": batch.project_id,
        "number": record.number,
        "origin": _origin(batch.source, record),
        "author_id": batch.people[record.author.origin],
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "status_id": _status(batch, record),
        **{name: getattr(record, name) for name in COMPARED},
    }


def _change(batch: Batch, record: IssueRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in COMPARED}
    present = batch.present[record.number]
    values["status_id"] = present.status_id if record.state == present.state else _status(batch, record)
    values["updated_at"] = max(record.updated_at, present.updated_at)
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


def _events(batch: Batch, record: IssueRecord) -> Iterator[dict[str, Any]]:
    common = {"project_id": batch.project_id, "issue_id": batch.ids[record.number]}
    author = batch.people[record.author.origin]
    yield {**common, "actor_id": author, "change_id": uuid4(), "kind": "opened", "data": {},
           "created_at": record.created_at}  # fmt: skip
    if record.state == State.CLOSED:
        yield _turn(batch, record)


def _turn(batch: Batch, record: IssueRecord) -> dict[str, Any]:
    """The event of an issue that is now closed, or open again."""
    closed = record.state == State.CLOSED
    by = record.closed_by or record.author
    return {
        "project_id": batch.project_id,
        "issue_id": batch.ids[record.number],
        "actor_id": batch.people[by.origin],
        "change_id": uuid4(),
        "kind": "closed" if closed else "reopened",
        "data": {"reason": record.close_reason} if closed else {},
        "created_at": record.closed_at if closed else record.updated_at,
    }


def _tie(batch: Batch, records: Sequence[IssueRecord]) -> None:
    """Two names of one issue may be one label: the database tells."""
    ties = {(batch.ids[record.number], batch.labels[label.name]) for record in records for label in record.labels}
    repository.tie_labels([{"issue_id": issue_id, "label_id": label_id} for issue_id, label_id in sorted(ties)])


def _comment(batch: Batch, records: Sequence[IssueRecord]) -> list[int]:
    """Add the comments that are not there yet; returns the issues that got some."""
    known = repository.present_comments([batch.ids[record.number] for record in records])
    values: list[dict[str, Any]] = [
        {
            "issue_id": batch.ids[record.number],
            "author_id": batch.people[comment.author.origin],
            "body": comment.body,
            "created_at": comment.created_at,
            "edited_at": comment.edited_at,
            "origin": comment.origin,
        }
        for record in records
        for comment in record.comments
        if (batch.ids[record.number], comment.origin) not in known
    ]
    repository.add_comments(values)
    batch.report.comments += len(values)
    return list({value["issue_id"] for value in values})


def _people(records: Sequence[IssueRecord]) -> list[dict[str, Any]]:
    found: dict[str, Person] = {}
    for record in records:
        for person in (record.author, record.closed_by, *(comment.author for comment in record.comments)):
            if person is not None:
                found.setdefault(person.origin, person)
    return [{"origin": one.origin, "name": one.name, "is_active": False} for one in found.values()]


def _labels(records: Sequence[IssueRecord]) -> list[dict[str, Any]]:
    found: dict[str, LabelRecord] = {}
    for record in records:
        for label in record.labels:
            found.setdefault(label.name, label)
    return [{"name": one.name, "color": one.color, "description": one.description} for one in found.values()]


def _origin(source: str, record: IssueRecord) -> str:
    return f"{source}#{record.number}"
