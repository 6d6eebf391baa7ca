from flask import url_for

from webapp.access import Viewer
from webapp.attachments import service as attachments
from webapp.attachments import storage
from webapp.attachments.schemas import AttachmentOut
from webapp.attachments.service import AttachmentRow
from webapp.errors import NotFound
from webapp.http import Done, Feature, Made, Page, Reply, uploads
from webapp.http.reply import Sent
from webapp.i18n import _
from webapp.projects.service import ProjectRow

bp = Feature("attachments")


@bp.post("/projects/<project:project>/attachments", creates=True, upload=True, spends="")
def create(project: ProjectRow, by: Viewer) -> Reply[AttachmentOut]:
    """Upload a file, to be named in the text of an issue or comment.

    The field `file` of a multipart form. A file that no text names goes after a day.
    """
    attachments.require_upload(project, by)
    sent = uploads.sent_file()
    row = attachments.create(project, sent.stream, sent.filename or "", by=by)
    attachments.sweep_some()
    return Made(row, at=url_for(".show", attachment=row.id), say=_("Uploaded."))


@bp.get("/attachments/<number:attachment>")
def show(attachment: int, by: Viewer | None) -> Reply[AttachmentOut]:
    """What a file is: its name, size, type and address."""
    row = attachments.get(attachment, by)
    return Page("attachments/show.html", row, file=row, project=attachments.of_which_project(row, by))


@bp.delete("/attachments/<number:attachment>")
def remove(attachment: int, by: Viewer) -> Reply[None]:
    """Delete a file. Texts that name it keep a dead link."""
    row = attachments.remove(attachment, by=by)
    project = attachments.of_which_project(row, by).key
    at = url_for("issues.index", project=project)
    if row.issue_number is not None:
        at = url_for("issues.show", project=project, number=row.issue_number)
    return Done(None, at=at, say=_("%(name)s is deleted.", name=row.name))


@bp.get("/attachments/<number:attachment>/<filename:name>")
def download(attachment: int, name: str, by: Viewer | None) -> Reply[bytes]:
    """The file itself; the name in the address is only for people."""
    row = attachments.get(attachment, by)
    return _sent(row)


@bp.get("/attachments/thumbnails/<number:attachment>")
def thumbnail(attachment: int, by: Viewer | None) -> Reply[bytes]:
    """A picture, made small if it is not."""
    row = attachments.get(attachment, by)
    if not row.is_picture:
        raise NotFound()
    if not row.has_thumbnail:
        return _sent(row)
    return Sent(storage.small(row.stored), "image/webp", f"{row.name}.webp", etag=f"{row.sha256}-small", inline=True)


def _sent(row: AttachmentRow) -> Sent:
    return Sent(storage.file(row.stored), row.media_type, row.name, etag=row.sha256, inline=row.is_picture)
