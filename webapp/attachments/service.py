from collections.abc import Sequence
from typing import IO

from webapp.access import Do, Viewer, can, require
from webapp.attachments import names, ownership, repository, storage
from webapp.attachments.repository import AttachmentRow
from webapp.attachments.storage import Stored
from webapp.attachments.sweeping import HOUR, sweep, sweep_some
from webapp.auth import allowances
from webapp.db import release, transaction
from webapp.errors import NotFound, SignInNeeded, TooMany
from webapp.models.attachments import Attachment
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references import written
from webapp.references.written import Written
from webapp.text import attached

__all__ = [
    "AttachmentRow",
    "create",
    "get",
    "of_which_project",
    "remove",
    "require_removal",
    "require_upload",
    "sweep",
    "sweep_some",
]

# What one person may upload in an hour: enough for a day's screenshots, too little to fill a disk unnoticed.
HOURLY = 500 * 1024 * 1024


def require_upload(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may upload files to the project."""
    require(by, Do.ATTACH, project)


def create(project: ProjectRow, stream: IO[bytes], called: str, by: Viewer) -> AttachmentRow:
    """Store a file for the project. It stays for a day, and for good once a text of `by` names it.

    Raises TooLarge, TooMany after too much in an hour, or Unavailable if the folder is another database's.
    """
    require_upload(project, by)
    ownership.require()
    if repository.uploaded_recently(by.id) >= HOURLY:
        raise TooMany(HOUR)
    allowances.spend("upload", by)
    release()
    stored = storage.keep(stream)
    name = names.cleaned(called)
    try:
        return _add(project, stored, name, by)
    except BaseException:
        storage.remove(stored.name)
        raise


def get(attachment_id: int, by: Viewer | None) -> AttachmentRow:
    """The file with this id. One that no text has named yet is only for who uploaded it."""
    row = repository.numbered(attachment_id)
    if row is None or not _is_for(row, by):
        raise NotFound() if by is not None else SignInNeeded()
    return row


def of_which_project(row: AttachmentRow, by: Viewer | None) -> ProjectRow:
    """The project of a file, as `by` sees it. Raises NotFound."""
    return projects.get(str(row.project_id), by)


def require_removal(project: ProjectRow, row: AttachmentRow, by: Viewer) -> None:
    """Go on only if `by` may delete the file."""
    require(by, Do.DELETE_ATTACHMENT, project, row.uploader.id)


def remove(attachment_id: int, by: Viewer) -> AttachmentRow:
    """Delete a file for good. Texts that name it keep a dead link.

    Raises Unavailable if the folder is another database's.
    """
    row = get(attachment_id, by)
    ownership.require()
    _forget(row, by)
    storage.remove(row.stored)
    return row


def require_own_folder() -> None:
    """Go on only if files can be deleted here. Raises Unavailable if the folder is another database's."""
    ownership.require()


def discard(names: Sequence[str]) -> None:
    """Take away files whose rows were deleted for good."""
    for name in names:
        storage.remove(name)


def tie(text: Written) -> None:
    """Give the files that a text names to its issue; those of a deleted text go with its row."""
    if ids := attached.mentioned(text.text):
        repository.tie(ids, text.project.id, text.issue_id, text.comment_id, text.by.id)


written.listeners.append(tie)
written.concerns.append(lambda text, _names: bool(attached.mentioned(text)))


def _is_for(row: AttachmentRow, by: Viewer | None) -> bool:
    if row.issue_id is None and (by is None or by.id != row.uploader.id):
        return False
    project = of_which_project(row, by)
    return not row.is_in_trash or can(by, Do.RESTORE, project)


@transaction
def _add(project: ProjectRow, stored: Stored, name: str, by: Viewer) -> AttachmentRow:
    require_upload(project, by)
    picture = stored.picture
    row = Attachment(
        project_id=project.id,
        user_id=by.id,
        name=name,
        stored=stored.name,
        size=stored.size,
        media_type=stored.media_type,
        sha256=stored.sha256,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        has_thumbnail=bool(picture and picture.thumbnail),
    )
    repository.add(row)
    return get(row.id, by)


@transaction
def _forget(row: AttachmentRow, by: Viewer) -> None:
    require_removal(of_which_project(row, by), row, by)
    repository.remove(row.id)
