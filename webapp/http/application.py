"""Flask, without what it does with each request for applications that are not like this one."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, g, request
from werkzeug.datastructures import Headers
from werkzeug.routing import Map, MapAdapter
from werkzeug.sansio.utils import get_host

from webapp import eyes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# An address that Werkzeug would write as it is; any other it quotes before it sends it.
_AS_IT_IS = re.compile(r"/(?!/)[\w./~-]*(?:#[\w-]+)?", re.ASCII)


class Answer(Response):
    """A response that is sent once. Flask makes all of ours such."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """The headers as they are sent: themselves, where Werkzeug would send a copy that is no different."""
        there = {name.lower(): value for name, value in self.headers}
        is_whole = "content-length" in there and "content-location" not in there
        if (
            is_whole
            and _AS_IT_IS.fullmatch(there.get("location", "/"))
            and self.status_code >= 200
            and self.status_code not in (204, 304)
        ):
            return self.headers
        return super().get_wsgi_headers(environ)


class Application(Flask):
    """One host, no subdomains, no coroutines."""

    response_class = Answer

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

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What matches the address; as Flask's, which reads the environment a second time for that.

        Raises SecurityError for a host that is not among TRUSTED_HOSTS, BadHost for one that can be none.
        """
        if request is None or "HTTP_UPGRADE" in request.environ:
            return super().create_url_adapter(request)
        request.trusted_hosts = trusted = self.config["TRUSTED_HOSTS"]
        request.max_content_length = self.config["MAX_CONTENT_LENGTH"]  # it would be looked up with each reading
        return MapAdapter(
            self.url_map,
            _host(request.scheme, request.environ.get("HTTP_HOST"), request.server, tuple(trusted or ())),
            request.root_path,
            self.url_map.default_subdomain,
            request.scheme,
            request.path,
            request.method,
            request.query_string.decode(errors="replace"),
        )


def asked() -> Request:
    """The request itself, for who reads much of it: each look through Flask's proxy costs five calls."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]
    return found


def noted() -> dict[str, Any]:
    """What this request has noted in `g`, for the same reason."""
    found: dict[str, Any] = vars(g._get_current_object())
    return found


@lru_cache(maxsize=64)
def _host(scheme: str, said: str | None, server: tuple[str, int | None] | None, trusted: tuple[str, ...]) -> str:
    """The host as addresses have it. Raises SecurityError, or BadHost."""
    return Map().bind(get_host(scheme, said, server, trusted)).server_name
