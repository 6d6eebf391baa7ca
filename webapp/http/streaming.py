"""Answers that are neither page nor JSON: a text that is made while it is sent, and one that is asked for often."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from zlib import crc32

from flask import Flask, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from webapp import eyes
from webapp.errors import Unavailable
from webapp.http.identity import viewer
from webapp.http.reply import Reply
from webapp.i18n import _

# Whoever reads slowly holds a thread of the process for as long as it takes. Most threads stay with the others.
ROOM = BoundedSemaphore(2)


@dataclass
class Streamed(Reply[Any]):
    """A download that nobody holds as a whole: each part is made when the one before is sent.

    The first is made before anything is sent, so that what goes wrong is still told by a status. What goes
    wrong later cuts the transfer off, which its reader notices. Parts are made outside of the request.
    """

    parts: Iterator[str]
    media_type: str
    name: str

    def as_page(self) -> AnyResponse:
        if not ROOM.acquire(blocking=False):
            raise Unavailable(_("Others are downloading just now. Try again in a moment."), retry_after=10)
        response = Response(_Parts(self.parts), mimetype=self.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{self.name}"'
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def as_json(self, schema: Any) -> AnyResponse:
        return self.as_page()


class _Parts:
    """Parts that take up room until all are sent, or their reader has gone, or nobody ever wanted them.

    Each is made in a context of its own, whose end gives the database's connection back: a slow reader
    must not keep one. All are made with the eyes of whoever asked.
    """

    def __init__(self, parts: Iterator[str]) -> None:
        self._parts, self._is_over, self._eyes = parts, False, _eyes()
        self._app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        try:
            self._first = next(parts, None)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        with self._app.app_context(), eyes.through(**self._eyes):
            return next(self._parts)

    def close(self) -> None:
        if not self._is_over:
            self._is_over = True
            ROOM.release()

    def __del__(self) -> None:
        self.close()


def _eyes() -> dict[str, Any]:
    """Those of whoever asked. They stay so for as long as it takes: an issue may become private meanwhile."""
    looking, by = eyes.looking(), viewer()
    if looking is not None:
        return {"reader_id": looking.reader_id, "limit": looking.within, "administers": looking.administers}
    if by is None or by.is_admin:
        return {"reader_id": None}
    return {"reader_id": by.id, "administers": by.may_administer}


@dataclass
class Text(Reply[Any]):
    """A text that its readers ask for again and again: one that is as it was is not sent.

    `changed_at` is for a text in which something newer tells of every change; without it the ETag alone counts.
    """

    text: str
    media_type: str
    changed_at: datetime | None = None

    def as_page(self) -> AnyResponse:
        body = self.text.encode()
        response = Response(body, mimetype=self.media_type)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.set_etag(f"{crc32(body):08x}-{len(body)}")
        if self.changed_at is not None:
            response.last_modified = self.changed_at
        response.make_conditional(request)
        return response

    def as_json(self, schema: Any) -> AnyResponse:
        return self.as_page()
