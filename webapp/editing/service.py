"""Many issues are changed at once: those that match a query, or those with some numbers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.changes import repository
from webapp.changes.batch import Batch, Change, Refusal
from webapp.changes.engine import carry_out
from webapp.changes.limits import MOST
from webapp.changes.rows import Row
from webapp.changes.want import Cause, Want
from webapp.db import transaction
from webapp.editing import moving, rewording
from webapp.editing.moving import Way
from webapp.editing.rewording import Reworded
from webapp.editing.rights import require_fields, require_sight
from webapp.editing.wanted import wanted
from webapp.errors import Invalid, Overtaken
from webapp.i18n import _, formats, ngettext
from webapp.issues import linking
from webapp.lists import service as lists
from webapp.lists.seeking import Sought
from webapp.models.issues import State
from webapp.projects.service import ProjectRow
from webapp.references import resolving

__all__ = ["MOST", "Change", "change", "close_named", "count", "require_change"]

NO_CODE: Mapping[int, Cause] = {}


def require_change(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may change issues, be it only their own."""
    require(by, Do.EDIT_ISSUE, project, by.id)


def count(project: ProjectRow, q: str | None, numbers: Collection[int] | None, by: Viewer) -> int:
    """How many issues match a query, or are those with these numbers. Raises Invalid for more than can be changed."""
    number = repository.count(_chosen(project, _sought(project, q, numbers, by), numbers), MOST + 1)
    _refuse_too_many(number)
    return number


def ways(
    project: ProjectRow, q: str | None, numbers: Collection[int] | None, by: Viewer, ref: str | None = None
) -> Sequence[Way]:
    """Where issues that match a query, or those with these numbers, can go, and what they would leave behind."""
    rows = repository.some(_chosen(project, _sought(project, q, numbers, by), numbers), MOST + 1)
    _refuse_too_many(len(rows))
    return moving.ways(project, rows, by, ref)


def change(
    project: ProjectRow,
    q: str | None,
    numbers: Collection[int] | None,
    sent: Mapping[str, Any],
    by: Viewer,
    *,
    expected: int | None = None,
    force: bool = False,
) -> Change:
    """Change all issues that match a query, or those with these numbers, with an event in each that really differs.

    `sent` are the fields and their values. Those issues that `by` may not change, or that a rule keeps as they are,
    are left out and named. Raises Invalid for what cannot be done to any issue, Conflict if another number of issues
    matches than was expected.
    """
    require_change(project, by)
    sent, texts = _asked(sent), None
    if "move_to" in sent:
        ids = repository.ids(_chosen(project, _sought(project, q, numbers, by), numbers), MOST + 1)
        _refuse_too_many(len(ids))
        texts = rewording.reworded(ids, project)
    return _change(project, q, numbers, sent, by, expected=expected, force=force, texts=texts)


@transaction
def _change(
    project: ProjectRow,
    q: str | None,
    numbers: Collection[int] | None,
    sent: Mapping[str, Any],
    by: Viewer,
    *,
    expected: int | None,
    force: bool,
    texts: Reworded | None,
) -> Change:
    """The same, with the texts of issues that are to be moved as they are to be there."""
    require_change(project, by)
    want = wanted(project, sent, by, force=force, trash="delete" in sent)
    if want.reason is not None and (want.status is None or want.status.is_open):
        raise Invalid.on("close_reason", _("is only for closed issues; send state: closed with it."))
    if want.target is not None:
        linking.lock_ties()
    asked = _sought(project, q, numbers, by)
    chosen, odd = _chosen(project, asked, numbers), asked.warnings if asked else ()
    rows = repository.going(chosen) if want.target is not None else repository.locked(chosen, MOST + 1)
    _refuse_others(rows, expected)
    batch = Batch(project, by, {row.id: row for row in rows})
    batch.refused += _missing(project, numbers, rows, by)
    if want.target is not None and texts is not None:
        moving.move(batch, want.target, texts)
        return replace(batch.outcome(), warnings=odd)
    return replace(_carried_out(batch, want, set(sent)), warnings=odd)


@transaction
def close_named(
    project: ProjectRow,
    ids: Collection[int],
    by: Viewer,
    *,
    cause: str | None = None,
    code: Mapping[int, Cause] = NO_CODE,
) -> Batch:
    """Close those of these issues that are open, since it was said elsewhere that they are done.

    `cause` is the key of the issue where it was, or `code` what said so of each. Those that `by` may not close, or
    that are not finished, are left out and named.
    """
    rows = repository.locked(repository.with_ids(project.id, ids), len(ids))
    batch = Batch(project, by, {row.id: row for row in rows if row.is_open})
    if batch.rows:
        sent = {"state": State.CLOSED}
        _carried_out(batch, wanted(project, sent, by, cause=cause, code=code), sent)
    return batch


def _carried_out(batch: Batch, want: Want, fields: Collection[str]) -> Change:
    if not want.trash:
        batch.refuse_where(lambda author_id: require_fields(batch.project, author_id, fields, batch.by))
        if want.values.get("private"):
            batch.refuse_where(lambda author_id: require_sight(batch.project, author_id, batch.by))
    return carry_out(batch, want)


def _asked(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is really asked for. Raises Invalid for nothing, and for what excludes the rest."""
    asked = {name: value for name, value in sent.items() if not _is_nothing(name, value)}
    if not asked:
        raise Invalid.on("", _("Say what to change."))
    for name in ("delete", "move_to"):
        if name in asked and len(asked) > 1:
            raise Invalid.on(name, _("cannot be sent together with other changes."))
    return asked


def _is_nothing(name: str, value: Any) -> bool:
    is_no = value is False and name != "private"
    return is_no or value == [] or (name == "close_reason" and value is None)


def _sought(project: ProjectRow, q: str | None, numbers: Collection[int] | None, by: Viewer) -> Sought | None:
    """What a query asks for, where there is one."""
    if q is None and numbers is None:
        raise Invalid.on("", _("Say which issues: by their numbers, or by a query as q."))
    return lists.sought(q, project, by) if q is not None else None


def _chosen(project: ProjectRow, asked: Sought | None, numbers: Collection[int] | None) -> Any:
    return repository.chosen(project.id, asked.where if asked else None, numbers)


def _refuse_too_many(number: int) -> None:
    if number > MOST:
        told = _(
            "matches more than %(number)s issues, which is the most that can be changed at once.",
            number=formats.count(MOST),
        )
        raise Invalid.on("q", told)


def _refuse_others(rows: Sequence[Row], expected: int | None) -> None:
    """Refuse to change more than can be, or others than somebody saw."""
    _refuse_too_many(len(rows))
    if expected not in (None, len(rows)):
        told = ngettext(
            "There are %(num)s of these issues now. Look again before you change them.",
            "There are %(num)s of these issues now. Look again before you change them.",
            len(rows),
        )
        raise Overtaken(told)


def _missing(project: ProjectRow, numbers: Collection[int] | None, rows: Sequence[Row], by: Viewer) -> list[Refusal]:
    gone = set(numbers or ()) - {row.number for row in rows}
    if not gone:
        return []
    former, present = resolving.gone_from(project.id, gone, by), {row.id for row in rows}
    why = {number: _("It is %(key)s now.", key=f"{one.key}-{one.number}") for number, one in former.items()}
    return [
        Refusal(number, why.get(number, _("It is not there, or does not match.")))
        for number in sorted(gone)
        if number not in former or former[number].id not in present
    ]
