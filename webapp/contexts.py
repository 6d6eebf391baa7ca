"""What a request is answered within: Flask's contexts and request with less around them, and the short ways there.

Flask looks for both through proxies, tells of each step by signals, and finds out anew where each address leads.
"""

import re
import sys
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from flask import Flask, Request
from flask.ctx import AppContext, RequestContext, _sentinel
from flask.globals import _cv_app as _application
from flask.globals import _cv_request as _request
from werkzeug.datastructures import EnvironHeaders, Headers, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import ClientDisconnected
from werkzeug.routing import Rule
from werkzeug.sansio.http import parse_cookie
from werkzeug.wsgi import _get_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# A path of this length may have a secret in it, which is not to lie in memory; the shortest of them has 43 letters.
LONG = 40
_MOST = 1000
# The kinds of bodies that nearly all have, as they are said.
_FORM = "application/x-www-form-urlencoded"
_BARE = frozenset({"application/json", _FORM})
# A length that may be read at once, if it is no more than what may be sent.
_LENGTH = re.compile("[0-9]{1,6}")
# What says that the body is read already, or begun to be.
_READ = frozenset({"_cached_data", "stream", "form"})
# What Werkzeug reads fields with.
_QUOTE = "werkzeug.url_quote"

_sent = ContextVar[Request]("sent")
_notes = ContextVar[dict[str, Any]]("notes")
# The request itself, for who reads much of it: each look through Flask's proxy costs five calls. Raises LookupError
# where there is none.
asked = _sent.get
# What this request has noted in `g`, for the same reason.
noted = _notes.get
# The context of the application that all of it is done within.
here = _application.get


def application() -> Flask:
    """The application itself: each look through Flask's proxy costs five calls."""
    return _application.get().app


class Sent(Request):
    """A request of Flask's, which finds out as it is asked what few ask for."""

    def __init__(self, environ: "WSGIEnvironment", populate_request: bool = True, shallow: bool = False) -> None:
        self.method = environ["REQUEST_METHOD"].upper()
        self.scheme = environ["wsgi.url_scheme"]
        self.root_path = _decoded(environ.get("SCRIPT_NAME") or "").rstrip("/")
        self.path = "/" + _decoded(environ.get("PATH_INFO") or "").lstrip("/")
        self.query_string = environ.get("QUERY_STRING", "").encode("latin1")
        self.remote_addr = environ.get("REMOTE_ADDR")
        self.environ, self.shallow = environ, shallow
        if populate_request and not shallow:
            environ["werkzeug.request"] = self

    @cached_property
    def server(self) -> tuple[str, int | None] | None:  # type: ignore[override]
        """Where it was sent to, as the server says."""
        return _get_server(self.environ)

    @cached_property
    def headers(self) -> Headers:  # type: ignore[override]
        """All headers."""
        return EnvironHeaders(self.environ)

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """All cookies; Werkzeug looks for them among all headers."""
        return cast("ImmutableMultiDict[str, str]", parse_cookie(self.environ.get("HTTP_COOKIE"), ImmutableMultiDict))

    @cached_property
    def mimetype(self) -> str:
        """What its body is said to be, without parameters."""
        said: str = self.environ.get("CONTENT_TYPE", "")
        return said if said in _BARE else super().mimetype

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The fields of a form; of one without files as Werkzeug reads them, without its machinery for others."""
        if self.mimetype != _FORM or _READ & self.__dict__.keys():
            return super().form
        try:
            said = self.get_data().decode()
        except UnicodeDecodeError:
            return super().form
        self.__dict__["files"] = ImmutableMultiDict()
        return ImmutableMultiDict(parse_qsl(said, keep_blank_values=True, errors=_QUOTE))

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:
        """As Werkzeug's, without a stream around what is short. Raises ClientDisconnected for a body cut short."""
        if cache and not as_text and not parse_form_data and not _READ & self.__dict__.keys():
            said, most = self.environ.get("CONTENT_LENGTH", ""), self.max_content_length
            is_short = _LENGTH.fullmatch(said) is not None and (most is None or int(said) <= most)
            if is_short and "HTTP_TRANSFER_ENCODING" not in self.environ:
                self._cached_data = self._whole(int(said))
                return self._cached_data
        return super().get_data(cache, as_text, parse_form_data)  # type: ignore[call-overload]

    def _whole(self, length: int) -> bytes:
        try:
            body: bytes = self.environ["wsgi.input"].read(length)
        except (OSError, ValueError) as error:
            raise ClientDisconnected() from error
        if len(body) != length:
            raise ClientDisconnected()
        return body

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands behind the question mark."""
        if not self.query_string:
            return ImmutableMultiDict()
        said = self.query_string.decode()
        return ImmutableMultiDict(parse_qsl(said, keep_blank_values=True, errors=_QUOTE))

    def close(self) -> None:
        """As Werkzeug's, where there may be files."""
        if "files" in self.__dict__:
            super().close()


def _decoded(text: str) -> str:
    """A part of an address as Werkzeug reads it."""
    return text if text.isascii() else text.encode("latin1").decode(errors="replace")


class Noting(AppContext):
    """As Flask's, without the signals."""

    _cv_tokens: list[Any]

    def __init__(self, app: Any) -> None:
        self.app = app
        self.url_adapter = None if app.config["SERVER_NAME"] is None else app.create_url_adapter(None)
        self.g = app.app_ctx_globals_class()
        self._cv_tokens = []

    def push(self) -> None:
        """Let this be where things are noted."""
        self._cv_tokens.append((_application.set(self), _notes.set(self.g.__dict__)))

    def pop(self, exc: BaseException | None = _sentinel) -> None:  # type: ignore[assignment]
        """Let it be no longer."""
        tokens = self._cv_tokens
        try:
            if len(tokens) == 1:
                self.app.do_teardown_appcontext(sys.exc_info()[1] if exc is _sentinel else exc)
        finally:
            there = _application.get()
            of_application, of_notes = tokens.pop()
            _notes.reset(of_notes)
            _application.reset(of_application)
        if there is not self:
            raise AssertionError("Another context of the application was begun meanwhile, and not ended.")


class Asking(RequestContext):
    """As Flask's, with a memory of where addresses lead."""

    _cv_tokens: list[Any]

    def match_request(self) -> None:
        """Find what answers the address, or note that nothing does."""
        sent, known = self.request, self.app.extensions["places"]
        key = sent.path, sent.method
        there: tuple[Rule, dict[str, Any]] | None = known.get(key)
        if there is not None and not self.url_adapter.websocket:  # type: ignore[union-attr]
            sent.url_rule, values = there
            sent.view_args = {**values}
            return
        super().match_request()
        if sent.url_rule is not None and len(sent.path) < LONG and not self.url_adapter.websocket:  # type: ignore[union-attr]
            if len(known) >= _MOST:
                known.clear()
            known[key] = sent.url_rule, {**(sent.view_args or {})}

    def push(self) -> None:
        """Let this be the request that is answered."""
        app, around = self.app, None
        there = _application.get(None)
        if there is None or there.app is not app:
            around = app.app_context()
            around.push()
        self._cv_tokens.append((_request.set(self), _sent.set(self.request), around))
        if self._session is None:
            self._session = app.session_interface.open_session(app, self.request)
            if self._session is None:
                self._session = app.session_interface.make_null_session(app)
        if self.url_adapter is not None:
            self.match_request()

    def pop(self, exc: BaseException | None = _sentinel) -> None:  # type: ignore[assignment]
        """Let it be no longer; with the last time, the request is at its end."""
        tokens = self._cv_tokens
        is_last = len(tokens) == 1
        try:
            if is_last:
                exc = sys.exc_info()[1] if exc is _sentinel else exc
                self.app.do_teardown_request(exc)
                self.request.close()
        finally:
            there = _request.get()
            of_request, of_sent, around = tokens.pop()
            _sent.reset(of_sent)
            _request.reset(of_request)
            if is_last:
                self.request.environ["werkzeug.request"] = None  # or only the garbage collector would find it
            if around is not None:
                around.pop(exc)
        if there is not self:
            raise AssertionError("Another request was begun meanwhile, and not ended.")
