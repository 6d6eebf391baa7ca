"""Issues are put into the trash and taken out of it, one or many."""

from collections.abc import Collection, Mapping

from webapp.access import Do, Viewer, require
from webapp.changes import removal, repository
from webapp.changes.batch import Batch, Change, Refusal
from webapp.changes.engine import carry_out
from webapp.changes.removal import Read
from webapp.changes.want import Want
from webapp.db import transaction
from webapp.editing import one as editing
from webapp.errors import NotFound, Overtaken
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.issues.service import get
from webapp.projects.service import ProjectRow
from webapp.text.markdown import find


@transaction
def remove(project: ProjectRow, number: int, by: Viewer, *, version: int | None = None) -> Change:
    """Put an issue into the trash. Its number is not given again. Raises Conflict if it is at another version."""
    row = editing.locked(project, number, by)
    batch = Batch(project, by, {row.id: row}, is_strict=True)
    removal.refuse_forbidden(batch)
    if version not in (None, row.version):
        raise Overtaken(_("This issue was changed meanwhile. Look at it again before you delete it."))
    return carry_out(batch, Want(trash=True))


@transaction
def remove_all(project: ProjectRow, numbers: Collection[int], by: Viewer) -> Change:
    """The same for those with these numbers that are there, and that `by` may delete."""
    require(by, Do.DELETE_ISSUE, project)
    rows = repository.locked(repository.chosen(project.id, None, numbers), len(numbers))
    return carry_out(Batch(project, by, {row.id: row for row in rows}), Want(trash=True))


def restore(project: ProjectRow, number: int, by: Viewer) -> IssueDetail:
    """Take an issue out of the trash, as it was. Raises NotFound if it is not there."""
    issue_id = repository.id_of(project.id, number)
    restore_all(project, [issue_id] if issue_id is not None else [], by, is_strict=True)
    return get(project, number, by)


def restore_all(project: ProjectRow, ids: Collection[int], by: Viewer, *, is_strict: bool = False) -> Change:
    """The same for those of these issues that are there. With `is_strict` all must be, or it raises NotFound."""
    require(by, Do.RESTORE, project)
    texts = {id: Read(text, find(text).names) for id, text in repository.texts(ids).items()}
    return _restore(project, texts, by, is_strict=is_strict)


@transaction
def _restore(project: ProjectRow, texts: Mapping[int, Read], by: Viewer, *, is_strict: bool) -> Change:
    require(by, Do.RESTORE, project)
    batch = Batch(project, by, {row.id: row for row in repository.trashed(project.id, texts)}, is_strict=is_strict)
    left = [id for id in texts if id not in batch.rows]
    if is_strict and (left or not texts):
        raise NotFound()
    batch.refused += [Refusal(number, _("It is no longer in the trash.")) for number in repository.numbers_of(left)]
    removal.restore(batch, texts)
    return batch.outcome()
