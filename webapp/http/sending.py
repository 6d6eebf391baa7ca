"""Files as they are sent: from the disk, through Cairn from a bucket, or by the address of the store itself."""

import io
from pathlib import Path
from typing import IO, cast

from flask import Response, redirect, request, send_file
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper

from webapp import config
from webapp.errors import NotFound
from webapp.http.services import services
from webapp.i18n import _
from webapp.stores.objects import Object
from webapp.stores.place import CHUNK

# What a browser is told that the store sends: a kind that none shows, whatever is in the file.
SAVED = "application/octet-stream"


def sent(file: Path | Object, media_type: str, name: str, etag: str, *, inline: bool) -> AnyResponse:
    """The answer with a file. Raises NotFound if it is gone, Unavailable if the store does not answer."""
    try:
        if isinstance(file, Path):
            return send_file(file, media_type, not inline, name, etag=etag)
        services().files.release()  # of the database, while the store is waited for
        if not inline and config.of_this_app().files_serve == "redirect":
            return redirect(file.address(SAVED, _disposition(name)), 302)
        return _through(file, media_type, name, etag, inline=inline)
    except FileNotFoundError:
        raise NotFound(_("The file itself is gone.")) from None


def _through(file: Object, media_type: str, name: str, etag: str, *, inline: bool) -> Response:
    """All of it, or the range that is asked for. Who has it already is told so without a question to the store."""
    response = _empty(media_type, name, etag, inline=inline)
    if request.if_none_match.contains(etag):
        return cast(Response, response.make_conditional(request))
    content = file.open()
    # gunicorn's own would read all that is before a range.
    response.response = FileWrapper(cast("IO[bytes]", content), CHUNK)
    response.content_length = content.size
    return cast(Response, response.make_conditional(request, accept_ranges=True, complete_length=content.size))


def _empty(media_type: str, name: str, etag: str, *, inline: bool) -> Response:
    """What a file of the disk would be sent with."""
    return send_file(io.BytesIO(), media_type, not inline, name, conditional=False, etag=etag)


def _disposition(name: str) -> str:
    return _empty(SAVED, name, "", inline=False).headers["Content-Disposition"]
