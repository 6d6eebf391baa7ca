"""What a view returns. It says what happened; how that is told depends on who asked."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from inspect import isfunction
from json import loads
from pathlib import Path
from typing import Any, Generic, TypeVar
from zlib import crc32

from flask import Response, redirect, request
from pydantic import TypeAdapter
from pydantic_core import to_json
from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import Stale
from webapp.http import drawing, notices, sending, tongue
from webapp.http.application import READS, Answer, asked
from webapp.http.conditions import expected_version, meet
from webapp.i18n import _
from webapp.stores.objects import Object

Out = TypeVar("Out")


class Reply(Generic[Out]):
    """`Reply[IssueOut]`: a page for a browser, an IssueOut for everyone else."""

    status = 200
    about: int | None = None  # the id of the one thing that a page shows
    changed_at: datetime | None = None  # and when that was changed last

    def as_page(self) -> AnyResponse:
        raise NotImplementedError

    def as_json(self, schema: Any) -> AnyResponse:
        raise NotImplementedError


class Page(Reply[Any]):
    """Show something. `value` is what JSON clients get; the rest only dresses the page.

    A context value that is costly may be given as a function without arguments: it is called for pages only.
    """

    def __init__(self, template: str, value: Any = None, /, **context: Any) -> None:
        self.template, self.value, self.context = template, value, context

        self.about = getattr(value, "id", None)
        self.changed_at = getattr(value, "updated_at", None)

    def as_page(self, status: int = 200) -> AnyResponse:
        return tongue.told(Response(self.rendered(), status))

    def rendered(self) -> str:
        """The page as HTML."""
        return drawing.page(self.template, **self.looked_up())

    def looked_up(self) -> dict[str, Any]:
        """The context with what its functions say, each of which is called once."""
        self.context = {name: value() if isfunction(value) else value for name, value in self.context.items()}
        return self.context

    def as_json(self, schema: Any) -> AnyResponse:
        return json(schema, self.value)


@dataclass
class Made(Reply[Any]):
    """Something new: the browser is sent to it, the client is told where it is."""

    value: Any
    at: str
    say: str = ""
    undo: Callable[[], notices.Undo | None] | None = None  # asked for pages only
    more: Sequence[tuple[str, notices.Undo | None]] = ()  # what else happened, each with its undo
    onward: Callable[[], notices.Link | None] | None = None  # asked for pages only
    back: str = ""  # where the browser goes instead, if that is somewhere else

    @property
    def goes_to(self) -> str:
        """Where a browser is sent."""
        return self.back or self.at

    def as_page(self) -> AnyResponse:
        _tell(self)
        return redirect(self.goes_to, 303)

    def as_json(self, schema: Any) -> AnyResponse:
        response = json(schema, self.value, 201)
        response.headers["Location"] = self.at
        return response


@dataclass
class Done(Reply[Any]):
    """Something changed: the browser goes on to `at`, the client gets the new state, or 204 if there is none."""

    value: Any
    at: str
    say: str = ""
    undo: Callable[[], notices.Undo | None] | None = None  # asked for pages only
    more: Sequence[tuple[str, notices.Undo | None]] = ()  # what else happened, each with its undo
    onward: Callable[[], notices.Link | None] | None = None  # asked for pages only

    @property
    def goes_to(self) -> str:
        """Where a browser is sent."""
        return self.at

    def as_page(self) -> AnyResponse:
        _tell(self)
        return redirect(self.goes_to, 303)

    def as_json(self, schema: Any) -> AnyResponse:
        return Response(status=204) if self.value is None else json(schema, self.value)


@dataclass
class Accepted(Reply[Any]):
    """What a program sent will be looked at later. It hears so as JSON, whatever it would rather read."""

    value: Any

    def as_page(self) -> AnyResponse:
        return self.as_json(type(self.value))

    def as_json(self, schema: Any) -> AnyResponse:
        return json(schema, self.value, 202)


@dataclass(frozen=True, slots=True)
class Told(Reply[Any]):
    """What clients are told, as JSON that is written already; `tag` tells it from any other.

    `version` is that of a thing which has one.
    """

    body: bytes
    tag: str = ""
    version: int | None = None

    def as_json(self, schema: Any) -> AnyResponse:
        return _tagged(self, self.status)


def telling(schema: Any, value: Any) -> Told:
    """What a client is told, as the schema has it; with a tag where the value carries a version, or is a list.

    The tag is the version, which If-Match compares, and a sum of the whole answer, which If-None-Match
    compares too: a comment changes what an issue's answer says, but not the issue's version. That of a list is
    a sum alone.
    """
    if (items := getattr(getattr(value, "items", None), "json", None)) is not None:  # a list that tells its rows
        rest = to_json(value.total), to_json(value.next), to_json(value.warnings)
        return _list(b'{"items":%b,"total":%b,"next":%b,"warnings":%b}' % (items, *rest))
    adapter = _adapter(schema)
    shaped = adapter.validate_python(value, from_attributes=True)
    body = adapter.dump_json(shaped)
    version = getattr(shaped, "version", None)
    return _list(body) if not isinstance(version, int) and _has_items(shaped.__class__) else _thing(body, version)


def _list(body: bytes) -> Told:
    return Told(body, f'W/"{crc32(body):08x}-{len(body)}"')


def _thing(body: bytes, version: Any) -> Told:
    return Told(body, f'"{version}-{crc32(body):08x}"', version) if isinstance(version, int) else Told(body)


def _tell(reply: Made | Done) -> None:
    """Say on the next page what happened."""
    if reply.say:
        undo = reply.undo() if reply.undo else None
        notices.add(reply.say, undo=undo, onward=reply.onward() if reply.onward else None)
    for text, undo in reply.more:
        notices.add(text, undo=undo)


@dataclass
class Sent(Reply[Any]):
    """A file that somebody uploaded, the same for all who ask. Whatever is in it, it is not run.

    Only what `inline` says is shown, and even that stands in a sandbox without scripts.
    """

    file: Path | Object
    media_type: str
    name: str
    etag: str
    inline: bool = False

    def as_page(self) -> AnyResponse:
        response = sending.sent(self.file, self.media_type, self.name, self.etag, inline=self.inline)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    def as_json(self, schema: Any) -> AnyResponse:
        return self.as_page()


def json(schema: Any, value: Any, status: int = 200) -> Response:
    """Tell a client the value, as `telling` writes it."""
    return _tagged(telling(schema, value), status)


def replayed(body: str, status: int) -> Response:
    """An answer that was written before, as it was."""
    value = loads(body) if body else None
    told = _thing(body.encode(), value.get("version") if isinstance(value, dict) else None)
    return _tagged(told, status)


def _tagged(told: Told, status: int) -> Response:
    environ = asked().environ
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(told.body)))]
    reads = environ["REQUEST_METHOD"] in READS
    tag = told.tag if reads or told.version is not None else ""
    if not tag:
        return Answer.of([told.body], status, lines)
    if told.version is None:
        environ.pop("HTTP_IF_MATCH", None)  # a list has no versions, and never had
    elif reads and "HTTP_IF_MATCH" in environ:
        _require_match(told.version)
    lines.append(("ETag", tag))
    response = Answer.of([told.body], status, lines)
    meet(response, environ)
    return response


def _require_match(version: int) -> None:
    """Raises Stale for a reader who expects another version.

    The header is used up by that: Werkzeug would compare whole tags, to which compression adds its name,
    and takes `*` for none of them.
    """
    if expected_version() not in (None, version):
        raise Stale(_("This is at another version now."))
    request.environ.pop("HTTP_IF_MATCH", None)


_SAFE_PATH = re.compile(r"\A/(?![/\\])[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*\Z")


def local(path: str | None) -> str:
    """The path if it leads nowhere but into this site, else `/`: what a `next=` may say."""
    if not path or len(path) > 2048 or not _SAFE_PATH.match(path):
        return "/"
    before_query = path.partition("?")[0]
    return "/" if "//" in before_query or "/." in before_query else path


@lru_cache(maxsize=256)
def _has_items(kind: Hashable) -> bool:
    """Whether what is of this kind is a list. Asked once: Pydantic's models look long for a name that they lack."""
    return "items" in getattr(kind, "model_fields", ()) or hasattr(kind, "items")


@lru_cache(maxsize=128)
def _adapter(schema: Any) -> TypeAdapter[Any]:
    return TypeAdapter(schema)
