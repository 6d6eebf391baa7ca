"""What every answer carries: security headers, caching rules, and what it varies with."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask_cors import CORS

from webapp.config import Settings
from webapp.errors import Forbidden
from webapp.http import limits
from webapp.http.application import READS, asked, kind, names, put
from webapp.http.assets import PACKED_BY, RULES
from webapp.http.feature import methods_for_clients
from webapp.http.negotiation import wants_page
from webapp.http.policies import ALWAYS, BY_ENDPOINT, OF_OUR_OWN, PAGES, REPORTS, SECURE, is_embedded
from webapp.i18n import _

VARY = ("Accept-Encoding", "Accept", "Accept-Language", "Authorization", "Cookie", "Origin")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def init_app(app: Flask, settings: Settings) -> None:
    """After-request functions run last registered first: CORS answers, then we take back and add."""
    app.before_request(_refuse_embedding)
    app.after_request(_securing(app))
    if settings.origins:
        app.after_request(_across_origins(app, settings.origins))


def _refuse_embedding() -> None:
    """Nothing is a part of another site's page, which would learn of it, if only its size. Raises Forbidden."""
    if is_embedded(asked().environ):
        raise Forbidden(_("Pages of other sites may lead here, but have nothing of this as a part of themselves."))


def _across_origins(app: Flask, origins: tuple[str, ...]) -> Callable[[Response], Response]:
    """What a request of another origin is answered; one that names no origin hears nothing about that."""
    CORS(
        app,
        origins=list(origins),
        supports_credentials=True,
        always_send=False,
        methods=METHODS,
        allow_headers=[
            "Authorization",
            "Content-Type",
            "X-CSRF-TOKEN",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
        ],
        expose_headers=["Location", "ETag", "Idempotent-Replayed", "Retry-After", *limits.HEADERS, "X-Request-ID"],
        max_age=600,
    )
    answer: Callable[[Any], Any] = app.after_request_funcs[None].pop()

    def across_origins(response: Response) -> Response:
        return _only_listed(answer(response), origins) if "HTTP_ORIGIN" in asked().environ else response

    return across_origins


def _securing(app: Flask) -> Callable[[Response], Response]:
    @cache
    def is_secret(endpoint: str) -> bool:
        operation = getattr(app.view_functions.get(endpoint), "operation", None)
        return operation is not None and operation.secret

    def secure(response: Response) -> Response:
        """Add what the answer does not have yet, in one pass: headers are a list, which each look-up goes through."""
        sent, headers = asked(), response.headers
        endpoint = sent.endpoint or ""
        there = names(headers)
        if "allow" in there and not wants_page():
            headers["Allow"] = ", ".join(methods_for_clients(headers["Allow"].split(", ")))
        if "vary" in there and not endpoint.startswith(PACKED_BY):  # a file is the same for everybody
            headers["Vary"] = _varying(headers["Vary"])
        secret = is_secret(endpoint)
        hidden = secret or sent.path.startswith("/auth/")
        of_its_own = endpoint if endpoint in BY_ENDPOINT else ""
        put(headers, _missing(there, secret=secret, hidden=hidden, endpoint=of_its_own, secure=sent.is_secure))
        if ahead := _ahead(app, sent, response):
            put(headers, [(name, value) for name, low, value in ahead if low not in there])
        if response.status_code == 204:
            headers.pop("Content-Type", None)
        return response

    return secure


def _ahead(app: Flask, sent: Request, response: Response) -> Sequence[tuple[str, str, str]]:
    """What a browser may fetch before it is asked for; and that all of it is old, once something is changed: by a
    form, or by a script of its pages, which comes with a cookie.
    """
    if sent.method in READS:
        if not wants_page() or response.status_code != 200 or kind(response) != "text/html":
            return ()
        return (("Speculation-Rules", "speculation-rules", f'"{app.config["ASSETS"]}{RULES}"'),)
    if not wants_page() and "HTTP_COOKIE" not in sent.environ:
        return ()
    return (("Clear-Site-Data", "clear-site-data", '"prefetchCache"'),)


@lru_cache(maxsize=1024)
def _missing(
    there: frozenset[str], *, secret: bool, hidden: bool, endpoint: str, secure: bool
) -> list[tuple[str, str]]:
    """What an answer that has these lines, in small letters, is to have beside them, by where it was sent to."""
    wanted = _wanted(
        secret=secret,
        policy=BY_ENDPOINT.get(endpoint, PAGES),
        caching="no-store" if hidden else "private, no-cache",
        crosses="access-control-allow-origin" in there,
        secure=secure,
    )
    return [(name, value) for name, value in wanted.items() if name.lower() not in there]


def _wanted(*, secret: bool, policy: str, caching: str, crosses: bool, secure: bool) -> dict[str, str]:
    """What an answer of this kind shall have.

    `caching`: nothing of a login or a secret may be kept; other answers may, but are asked for again, so that
    Back works.
    """
    # A secret page's address must not reach a log as a Referer. `no-referrer` would do that as well, but its
    # forms would be sent with the Origin `null`, which is refused.
    hidden = {"Referrer-Policy": "strict-origin"} if secret else {}
    wanted = {"Vary": _varying("")} | hidden | ALWAYS | hidden
    wanted |= {"Content-Security-Policy": policy, "Reporting-Endpoints": f'policy="{REPORTS}"'}
    wanted["Cache-Control"] = caching
    if not crosses:
        wanted |= OF_OUR_OWN
    if secure:
        wanted |= SECURE
    return wanted


@lru_cache(maxsize=64)
def _varying(vary: str) -> str:
    """What an answer varies with that says this about it."""
    response = Response(headers={"Vary": vary} if vary else {})
    response.vary.update(VARY)
    return response.headers["Vary"]


def _only_listed(response: Response, origins: tuple[str, ...]) -> Response:
    """CORS is for data, and for exactly the listed origins: Flask-CORS also compares without case."""
    allowed = response.headers.get("Access-Control-Allow-Origin")
    if allowed is not None and (
        allowed not in origins or (response.mimetype == "text/html" and asked().method != "OPTIONS")
    ):
        for name, _ in list(response.headers):
            if name.startswith("Access-Control-"):
                del response.headers[name]
    return response
