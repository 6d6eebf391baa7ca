"""Bring an archive into a project where others work meanwhile: issue by issue whole, and again only what is new.

Everything is read and cleaned before anything is written. It is written in many short transactions, so that
nobody waits for an import; the project is marked until the last of them, and a further run goes on from there.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.db import transaction
from webapp.errors import Conflict, Invalid
from webapp.exchange import milestones, naming, referring, repository, writing
from webapp.exchange.guard import alone
from webapp.exchange.ledger import ASSIGNEES, ISSUES, LABELS, MILESTONES, PEOPLE, PULLS, Ledger
from webapp.exchange.records import Archive, IssueRecord
from webapp.models.projects import Project
from webapp.watching import matching

# Others wait up to two seconds for a row: what is written at once shall take a fraction of that, in seconds. How
# many issues that is depends on their comments and on what else the machine does.
MOMENT = 0.7
FEWEST, FIRST, MOST = 50, 100, 400


def bring_in(archive: Archive, key: str, owner: str | None, step: Callable[[int], None]) -> Ledger:
    """Import the archive into the project with this key, which is made if it is missing.

    `step` is told how many issues have just been done. Raises Invalid for an unknown owner, and Conflict where a
    number is already taken by an issue that did not come from this archive, or another import runs; nothing has
    been written then. Whatever else ends it leaves issues behind that are whole, and the project marked.
    """
    ledger = archive.ledger
    project = _project(archive, key.upper(), owner)
    with alone(project.id) as is_alone:
        if not is_alone:
            raise Conflict(f"{project.key} is being imported. Wait until that has ended.")
        goes_on, gone = _begin(project, archive)
        issue_ids: list[int] = []
        for records in _moments(archive.issues):
            issue_ids += writing.write(project.id, records, gone, ledger)
            step(len(records))
        if goes_on:
            issue_ids = repository.imported(project.id)
        referring.refer(project, issue_ids)
        _end(project, ledger)
    _balance(ledger)
    return ledger


@transaction
def refresh_statistics() -> None:
    """After an import, so that the first page afterwards is planned for what is there."""
    repository.take_time()
    repository.analyze()


def _moments(records: Sequence[IssueRecord]) -> Iterator[Sequence[IssueRecord]]:
    """The issues some at a time, as many as the time for the last ones shows that a moment is enough for."""
    start, size = 0, FIRST
    while start < len(records):
        began = time.monotonic()
        yield records[start : start + size]
        start += size
        took = time.monotonic() - began
        size = max(FEWEST, min(MOST, size // 2 if took > MOMENT else size * 2 if took < MOMENT / 3 else size))


@transaction
def _project(archive: Archive, key: str, owner: str | None) -> Project:
    project = repository.project(key)
    if project is not None:
        return project
    user = repository.owner(owner)
    if user is None:
        raise Invalid.on("--owner", "must be the e-mail of somebody with an account; see `flask create-user`.")
    project = Project(key=key, name=archive.source[:100] or key, owner_id=user.id, visibility="private")
    repository.add_project(project)
    audit.note(Kind.PROJECT_CREATED, project=project, after={"key": key, "name": project.name, "owner": user.name})
    return project


@transaction
def _begin(project: Project, archive: Archive) -> tuple[bool, set[int]]:
    """Take the numbers of the archive, and bring its milestones.

    Returns whether an earlier import has not ended, and the numbers of issues that were deleted here for good.
    """
    repository.take_time()
    goes_on = repository.reserve(project.id, max((record.number for record in archive.issues), default=0))
    _refuse_foreign(archive.issues, repository.origins(project.id), project.key)
    _read(archive.issues, archive.ledger)
    milestones.refresh(project.id, archive.issues, archive.ledger)
    return goes_on, repository.purged(project.id)


@transaction
def _end(project: Project, ledger: Ledger) -> None:
    repository.finish(project.id)
    matching.age(project.id)
    both = (ISSUES, PULLS)
    done = {"added": ledger.of(ledger.added, *both), "changed": ledger.of(ledger.changed, *both)}
    audit.note(Kind.IMPORTED, project=project, after=done)


def _refuse_foreign(records: Iterable[IssueRecord], origins: dict[int, str | None], key: str) -> None:
    for record in records:
        if record.number in origins and (origins[record.number] or "").lower() != record.origin.lower():
            raise Conflict(f"{key}-{record.number} exists and did not come from {record.origin.partition('#')[0]}.")


def _read(records: Iterable[IssueRecord], ledger: Ledger) -> None:
    """Count what is one thing however often the issues name it."""
    ledger.read[PEOPLE] += len({person.origin for person in naming.named(records)})
    ledger.read[LABELS] += len({label.name for record in records for label in record.labels})
    ledger.read[ASSIGNEES] += sum(len(record.assignees) for record in records)


def _balance(ledger: Ledger) -> None:
    """People and labels that were not made are here, or belong to issues alone that are not written again."""
    ledger.leave(MILESTONES, "only issues that were edited or deleted here have them", ledger.balance(MILESTONES))
    for kind in (PEOPLE, LABELS):
        ledger.as_before[kind] += ledger.balance(kind)
