"""The one way to change issues, be it one or many: what a change does to each of them, and what its event says.

Whoever comes here has asked for the right to, has looked up what it names (webapp/editing/wanted.py does, for what
people send), and is in a transaction. The rules about issues are told here and in the modules that this one calls,
and nowhere else. It knows of labels, milestones, statuses and people no more than ids and names, so that these may
call it.
"""

from collections.abc import Iterator, Sequence
from uuid import uuid4

from webapp.access import Viewer
from webapp.approval import service as approval
from webapp.changes import keeping, removal, repository, tying, workflow
from webapp.changes.batch import Batch, Change
from webapp.changes.rows import Row
from webapp.changes.want import Want, Where
from webapp.events import kinds
from webapp.history import service as history
from webapp.issues.fields import PLAIN
from webapp.projects.service import ProjectRow
from webapp.references.written import Written, tell
from webapp.text.cache import kept

# The plain fields are told in this order, with others between them.
_BEFORE, _BETWEEN = ("title",), ("priority",)
_AFTER = tuple(name for name in PLAIN if name not in (*_BEFORE, *_BETWEEN))
# So many issues are in hand at a time, where there is no other limit.
AT_ONCE = 10_000


def hold(project: ProjectRow, where: Where) -> list[int]:
    """Let nobody else change these issues until the transaction ends; returns their ids.

    Whoever holds labels, a milestone or the project as well comes here first: that is the order of all.
    """
    return repository.hold(project.id, where)


def is_any(project: ProjectRow, where: Where) -> bool:
    """Whether there is such an issue."""
    return repository.is_any(project.id, where)


def apply(project: ProjectRow, where: Where, want: Want, by: Viewer) -> Change:
    """Change all issues of a project of which something holds, however many these are.

    In the caller's transaction, which asked for its own right. All events share the id of the change that comes back.
    """
    change = uuid4()
    changed, unchanged, happened = 0, 0, frozenset[str]()
    for rows in _held(project, where):
        batch = Batch(project, by, {row.id: row for row in rows}, change=change)
        part = carry_out(batch, want)
        changed, unchanged, happened = changed + part.changed, unchanged + part.unchanged, happened | part.kinds
    return Change(change if changed else None, changed, unchanged, [], happened)


def _held(project: ProjectRow, where: Where) -> Iterator[Sequence[Row]]:
    """The issues of which this holds, as many at a time as can be in hand. All are locked before the first come."""
    rows = repository.held(project.id, where, AT_ONCE + 1)
    if len(rows) <= AT_ONCE:
        yield from [rows] if rows else []
        return
    ids = hold(project, where)
    for start in range(0, len(ids), AT_ONCE):
        yield repository.rows(ids[start : start + AT_ONCE])


def carry_out(batch: Batch, want: Want) -> Change:
    """Change the locked issues of a batch as it is wanted, but for those that have to be left out."""
    if want.trash:
        removal.remove(batch)
        return batch.outcome()
    _leave_held(batch, want)
    _plain(batch, want, *_BEFORE)
    _text(batch, want)
    tying.label(batch, want)
    tying.assign(batch, want)
    _plain(batch, want, *_BETWEEN)
    workflow.advance(batch, want)
    _milestone(batch, want)
    _plain(batch, want, *_AFTER)
    _parent(batch, want)
    keeping.keep(batch)
    _keep_text(batch, want)
    return batch.outcome()


def _leave_held(batch: Batch, want: Want) -> None:
    """What waits for approval becomes visible by that, and by nothing else; that it is to stay private is noted."""
    wish = want.values.get("private")
    private = [id for id, row in batch.rows.items() if row.private] if wish is not None else []
    if not private:
        return
    if wish:
        approval.stay_private(private)
        return
    for id in sorted(approval.issues_among(private)):
        batch.refuse(id, approval.waiting())


def _plain(batch: Batch, want: Want, *names: str) -> None:
    for name in [one for one in names if one in want.values]:
        new = batch.values[name] = want.values[name]
        for id, row in batch.rows.items():
            if (old := getattr(row, name)) != new:
                batch.tell(id, PLAIN[name].changed(old, new))


def _text(batch: Batch, want: Want) -> None:
    if want.text is None:
        return
    text = want.text.text
    for id, row in batch.rows.items():
        if text == row.body:
            continue
        batch.values |= {"body": text, **kept(want.text.final_html)}
        batch.tell(id, want.ticked or kinds.Described(len(row.body), len(text), row.version))


def _keep_text(batch: Batch, want: Want) -> None:
    """Keep the texts that were replaced, and let those know the new one who read it."""
    if want.text is None:
        return
    for id in [*batch.events.get(kinds.Described.kind, ()), *batch.events.get(kinds.Ticked.kind, ())]:
        row = batch.rows[id]
        history.keep(id, None, row.version, row.body, batch.by)
        if want.ticked is None:
            tell(Written(batch.project, id, row.number, None, want.text.text, batch.by, want.text.names))


def _milestone(batch: Batch, want: Want) -> None:
    if want.milestone is None:
        return
    new = batch.values["milestone_id"] = want.milestone.id
    differing = {id: row.milestone_id for id, row in batch.rows.items() if row.milestone_id != new}
    former = {id for id in differing.values() if id is not None}
    titles = repository.milestones(former) if former else {}
    for id, old in differing.items():
        batch.tell(id, kinds.Milestoned(titles.get(old or 0), want.milestone.name, old, new))


def _parent(batch: Batch, want: Want) -> None:
    if want.parent is None:
        return
    new = batch.values["parent_id"] = want.parent.id
    differing = {id: row.parent_id for id, row in batch.rows.items() if row.parent_id != new}
    former = {id for id in differing.values() if id is not None}
    numbers = repository.numbers(former) if former else {}
    for id, old in differing.items():
        number = numbers.get(old or 0)
        key = f"{batch.project.key}-{number}" if number else None
        batch.tell(id, kinds.Reparented(key, want.parent.key, number, want.parent.number))
