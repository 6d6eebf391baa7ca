"""What somebody typed into a form, for the pages of refusals that cannot show that form again."""

import io
from contextlib import suppress
from typing import IO, Any, cast

from flask import Request, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import LimitedStream

from webapp.errors import BodyTooLarge
from webapp.http.input import FORMS
from webapp.http.negotiation import wants_page
from webapp.http.services import services
from webapp.i18n import _

MIB = 1024 * 1024
# Of what is refused for its size, the words of a form are kept up to the first limit, and all is read up to the
# second: a browser that is still sending when the connection closes shows an error of its own, and no answer.
WORDS, READ = 4 * MIB, 128 * MIB
# What pages put into their forms for themselves.
UNSEEN = frozenset(
    {"base", "boxes", "clash", "confirm", "force", "look_up", "next", "numbers", "original", "resolve", "version"}
)


class Nowhere(io.BytesIO):
    """Where files go that nobody wants."""

    def write(self, data: Any) -> int:
        return len(data)


def fields() -> list[tuple[str, str]]:
    """The names and values that were typed into the page's form which this request brought; no secrets."""
    if request.method != "POST" or not wants_page():
        return []
    form: MultiDict[str, str] = MultiDict()
    with suppress(HTTPException, ValueError):  # this body cannot be read as a form
        form = MultiDict(request.form)
    return [
        (name, value)
        for name, value in form.items(multi=True)
        if value.strip() and name not in UNSEEN and services().drafts.may_be_kept(name)
    ]


def too_large(sent: Request) -> BodyTooLarge:
    """The refusal of a body for its size. A page's form keeps its words; all else is read, and goes nowhere."""
    _read(sent)
    return BodyTooLarge(
        _("What you sent is too large. The limit is %(limit)s MiB.", limit=(sent.max_content_length or 0) // MIB)
    )


def _read(sent: Request) -> None:
    length = sent.content_length or 0
    words: MultiDict[str, str] = MultiDict()
    if length <= READ:
        stream = LimitedStream(sent.environ["wsgi.input"], length)
        if wants_page() and sent.mimetype in FORMS:
            with suppress(HTTPException, ValueError):
                words = _words(stream, sent, length)
        with suppress(HTTPException):  # the client may have gone
            while stream.read(MIB):
                pass
    sent.form = ImmutableMultiDict(words)


def _words(stream: LimitedStream, sent: Request, length: int) -> MultiDict[str, str]:
    parser = FormDataParser(
        stream_factory=lambda *_, **__: Nowhere(), max_form_memory_size=WORDS, max_form_parts=1000
    )
    _, form, _ = parser.parse(cast(IO[bytes], stream), sent.mimetype, length, sent.mimetype_params)
    return form
