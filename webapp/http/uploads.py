"""Files that come in with a form: how large they may be, where they wait, and how they enter a text.

Only an operation that takes files reads more than a mebibyte. Of somebody who is not signed in, or no more,
only the text is kept.
"""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import Flask, g, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict

from webapp.contexts import Sent
from webapp.errors import Invalid, TooLarge, TooMany, Unavailable
from webapp.http.application import asked
from webapp.http.identity import me, viewer
from webapp.http.services import services
from webapp.http.typed import Nowhere
from webapp.i18n import _

MAX_FILES = 20
IN_MEMORY = 512 * 1024


class Uploading(Sent):
    """A request whose files wait in the data folder while they are read: /tmp may be memory.

    Its host is in small letters, whatever the client wrote: it is compared in many places.
    """

    def __init__(self, environ: dict[str, Any], populate_request: bool = True, shallow: bool = False) -> None:
        if "HTTP_HOST" in environ:
            environ["HTTP_HOST"] = environ["HTTP_HOST"].lower()
        super().__init__(environ, populate_request, shallow)

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if viewer() is None:
            return Nowhere()
        return cast(IO[bytes], SpooledTemporaryFile(IN_MEMORY, "rb+", dir=services().files.incoming()))


def init_app(app: Flask) -> None:
    app.request_class = Uploading


def admit() -> None:
    """Read a form with files, which may be two of the largest at once."""
    if asked().mimetype != "multipart/form-data":
        return
    viewer()  # a bad token is told before anything is read
    services().files.release()
    request.max_content_length = services().files.most()
    try:
        request.files  # noqa: B018 - read now, where a full disk can be told
    except OSError as error:
        raise Unavailable(_("The file could not be read. Ask whoever runs this Cairn for room.")) from error


def sent_file() -> FileStorage:
    """The one file of the field `file`. Raises Invalid if there is none."""
    sent = [one for one in request.files.getlist("file") if one.filename]
    if len(sent) != 1:
        raise Invalid.on("file", _("is required: one file in a multipart form."))
    return sent[0]


def write_into(field: str, path: dict[str, Any]) -> None:
    """Store the files of the form and name them at the end of a field's text, as if it had been typed.

    Whatever is refused afterwards, the form comes back with them in its text, and nothing is lost.
    """
    if asked().mimetype != "multipart/form-data":
        return  # without reading the body as a form, to find no file
    sent = [one for one in request.files.getlist("files") if one.filename]
    if not sent:
        return
    if len(sent) > MAX_FILES:
        raise Invalid.on("files", _("may be %(most)s at once.", most=MAX_FILES))
    g.typed = request.form
    files = services().files
    store = files.storing(path, me())
    refused = [said for one in sent if (said := _stored(field, store, one))]
    files.sweep_some()
    if refused:
        raise TooLarge(errors={"files": refused})


def _stored(field: str, store: Callable[[IO[bytes], str], str], one: FileStorage) -> str | None:
    """Store one of them and name it in the text; says why if it is too large, in which case others may not be."""
    try:
        _append(field, store(one.stream, one.filename or ""))
    except TooLarge as error:
        return _("were not all taken: %(file)s is too large. %(why)s", file=one.filename, why=_(str(error)))
    except (TooMany, Unavailable) as error:
        told = _(
            "were not all taken: choose %(file)s again, and what follows it. %(why)s",
            file=one.filename,
            why=_(str(error)),
        )
        error.errors = {"files": [told]}
        raise
    one.stream.seek(0)
    return None


def typed() -> ImmutableMultiDict[str, str]:
    """The form as it was sent, before any file was written into it."""
    form: ImmutableMultiDict[str, str] = g.get("typed", request.form)
    return form


def _append(field: str, markdown: str) -> None:
    form = MultiDict(request.form)
    text = form.get(field, "").rstrip()
    form[field] = f"{text}\n\n{markdown}" if text else markdown
    request.form = ImmutableMultiDict(form)
