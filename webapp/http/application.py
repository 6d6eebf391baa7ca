"""Flask, without what it does with each request for applications that are not like this one."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from flask.ctx import AppContext, RequestContext
from flask.globals import _cv_request as _request
from werkzeug.datastructures import Headers
from werkzeug.http import is_entity_header
from werkzeug.routing import Map, MapAdapter
from werkzeug.sansio.utils import get_host

from webapp import eyes
from webapp.contexts import Asking, Noting, application, asked, noted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["READS", "Answer", "Application", "application", "asked", "kind", "names", "noted", "put", "written"]

# What changes nothing, and is answered alike.
READS = ("GET", "HEAD")
# An address that Werkzeug would write as it is; any other it quotes before it sends it.
_AS_IT_IS = re.compile(r"/(?!/)[\w./~-]*(?:#[\w-]+)?", re.ASCII)


class Answer(Response):
    """A response that is sent once. Flask makes all of ours such."""

    @classmethod
    def of(cls, body: list[bytes], status: int, lines: list[tuple[str, str]]) -> "Answer":
        """One whose lines are known to be right, a Content-Type among them: Werkzeug would look at each."""
        answer = cls.__new__(cls)
        answer.headers = written(lines)
        answer._status, answer._status_code = _told(status), status
        answer.response, answer.direct_passthrough, answer._on_close = body, False, []
        return answer

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """The headers as they are sent: themselves, where Werkzeug would send a copy that is no different."""
        headers, status = self.headers, self._status_code
        there = names(headers)
        if "content-location" in there or ("location" in there and not _AS_IT_IS.fullmatch(headers["Location"])):
            return super().get_wsgi_headers(environ)
        if status == 304:
            headers._list[:] = [line for line in headers._list if not _is_of_body(line[0])]
            return headers
        if status >= 200 and status != 204 and "content-length" in there:
            return headers
        return super().get_wsgi_headers(environ)

    def get_app_iter(self, environ: Any) -> Iterable[bytes]:
        """The body itself, where all of it is there and nothing waits for its end; as Werkzeug's, which wraps it."""
        body = self.response
        if self._on_close or type(body) is not list:
            return super().get_app_iter(environ)
        if environ["REQUEST_METHOD"] == "HEAD" or self._status_code < 200 or self._status_code in (204, 304):
            return ()
        for part in body:
            if type(part) is not bytes:
                return super().get_app_iter(environ)
        return body

    def get_wsgi_response(self, environ: Any) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """As Werkzeug's, which copies the lines once more."""
        headers = self.get_wsgi_headers(environ)
        return self.get_app_iter(environ), self._status, headers._list


class Application(Flask):
    """One host, no subdomains, no coroutines."""

    response_class = Answer

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.extensions["places"] = {}

    def app_context(self) -> AppContext:
        """Where a request notes what it finds, or a command."""
        return Noting(self)

    def request_context(self, environ: "WSGIEnvironment") -> RequestContext:
        """What a request is answered within."""
        return Asking(self, environ)

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, which sees what nobody in particular does until it is known who asks."""
        before = eyes.look(eyes.NOBODY)
        try:
            return super().wsgi_app(environ, start_response)
        finally:
            eyes.back(before)

    def ensure_sync(self, func: Any) -> Any:
        """The function itself: Flask would look at each one, sixteen times a request, whether it is a coroutine."""
        return func

    @cached_property
    def _has_hooks_of_rooms(self) -> bool:
        """Whether a blueprint has hooks of its own. Asked once: after the first request Flask takes none."""
        kinds = self.before_request_funcs, self.after_request_funcs, self.teardown_request_funcs
        return bool(self.url_value_preprocessors) or any(name is not None for kind in kinds for name in kind)

    def full_dispatch_request(self) -> Response:
        """As Flask's, which also tells of each step by signals."""
        self._got_first_request = True
        answer: Any
        try:
            answer = self.preprocess_request()
            if answer is None:
                answer = self.dispatch_request()
        except Exception as error:
            answer = self.handle_user_exception(error)
        return self.finalize_request(answer)

    def preprocess_request(self) -> Any:
        """As Flask's, which looks up with each request what the hooks are."""
        if self._has_hooks_of_rooms:
            return super().preprocess_request()
        for ask in self.before_request_funcs[None]:
            answer = ask()
            if answer is not None:
                return answer
        return None

    def dispatch_request(self) -> Any:
        """As Flask's, which looks through its proxy for the request."""
        sent = asked()
        rule = sent.url_rule
        if rule is None or sent.routing_exception is not None or sent.method == "OPTIONS":
            return super().dispatch_request()
        return self.view_functions[rule.endpoint](**(sent.view_args or {}))

    def make_response(self, rv: Any) -> Response:
        """The answer itself, if it is one of ours."""
        answer: Response = rv if type(rv) is Answer else super().make_response(rv)
        return answer

    def finalize_request(self, rv: Any, from_error_handler: bool = False) -> Response:
        """As Flask's, without the signal."""
        answer = self.make_response(rv)
        try:
            return self.process_response(answer)
        except Exception:
            if not from_error_handler:
                raise
            self.logger.exception("A hook failed after what went wrong was answered.")
        return answer

    def process_response(self, response: Response) -> Response:
        """As Flask's, which looks up with each request what the hooks are; and there is no session to be saved."""
        if self._has_hooks_of_rooms:
            return super().process_response(response)
        act: Any
        for act in _request.get()._after_request_functions:  # which may add to these
            response = act(response)
        for act in reversed(self.after_request_funcs[None]):
            response = act(response)
        return response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """As Flask's, of which a request's end asks."""
        if self._has_hooks_of_rooms:
            super().do_teardown_request(exc)
            return
        for act in reversed(self.teardown_request_funcs[None]):
            act(exc)

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """As Flask's, without the signal."""
        for act in reversed(self.teardown_appcontext_funcs):
            act(exc)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What matches the address; as Flask's, which reads the environment a second time for that.

        Raises SecurityError for a host that is not among TRUSTED_HOSTS, BadHost for one that can be none.
        """
        if request is None or "HTTP_UPGRADE" in request.environ:
            return super().create_url_adapter(request)
        request.trusted_hosts = trusted = self.config["TRUSTED_HOSTS"]
        request.max_content_length = self.config["MAX_CONTENT_LENGTH"]  # it would be looked up with each reading
        said = request.environ.get("HTTP_HOST")
        server = request.server if said is None else None  # which is asked only where no host is said
        return MapAdapter(
            self.url_map,
            _host(request.scheme, said, server, tuple(trusted or ())),
            request.root_path,
            self.url_map.default_subdomain,
            request.scheme,
            request.path,
            request.method,
            request.query_string.decode(errors="replace"),
        )


def written(lines: list[tuple[str, str]]) -> Headers:
    """Headers of such lines as `put` adds; the list is theirs from now on."""
    headers = Headers()
    headers._list = lines
    return headers


def put(headers: Headers, lines: Sequence[tuple[str, str]]) -> None:
    """Add lines of which it is known that no value has a line break in it: Werkzeug would look for that each time."""
    headers._list += lines


def names(headers: Headers) -> frozenset[str]:
    """The names of all lines, in small letters: found once for what many answers have."""
    return _in_small_letters(tuple(dict(headers._list)))


def kind(response: Response) -> str:
    """Its media type; as Werkzeug's `mimetype`, which looks through all lines and takes that one apart each time."""
    return _kind(dict(response.headers._list).get("Content-Type") or response.headers.get("Content-Type") or "")


@lru_cache(maxsize=64)
def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip()


@lru_cache(maxsize=64)
def _told(status: int) -> str:
    return Response(status=status).status


@lru_cache(maxsize=512)
def _in_small_letters(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(str.lower, names))


@lru_cache(maxsize=256)
def _is_of_body(name: str) -> bool:
    """Whether a line of this name is left out where there is no body, as the client has that."""
    return is_entity_header(name) and name.lower() not in ("expires", "content-location")


@lru_cache(maxsize=64)
def _host(scheme: str, said: str | None, server: tuple[str, int | None] | None, trusted: tuple[str, ...]) -> str:
    """The host as addresses have it. Raises SecurityError, or BadHost."""
    return Map().bind(get_host(scheme, said, server, trusted)).server_name
