"""One road for every error: a page for a browser, RFC 9457 problem+json for everyone else."""

from functools import lru_cache
from urllib.parse import quote

from flask import Flask, Response, current_app, g, redirect, request, url_for
from jinja2 import Template
from pydantic import ConfigDict
from werkzeug.exceptions import BadHost, HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from webapp import faults
from webapp.config import ROOT
from webapp.errors import (
    BadRequest,
    CairnError,
    FactorMissing,
    LoginNotFresh,
    Moved,
    NotFound,
    SignInNeeded,
    Unavailable,
    Unreached,
)
from webapp.faults import DBAPIError, PoolTimeout
from webapp.http import csrf, drawing, freshness, limits, reply, spellings, tongue, typed
from webapp.http.identity import BadToken
from webapp.http.negotiation import referrer, wants_page
from webapp.http.scopes import OutOfReach
from webapp.i18n import N_, _, speaking
from webapp.i18n.languages import SOURCE
from webapp.types import Out

TITLES = {
    404: NotFound.title,
    405: N_("This address does not take that"),
    406: N_("This address does not have that"),
    415: N_("This is in no form that can be read"),
}
WORDS = {
    404: NotFound.detail,
    405: N_("The address exists, but not for this method."),
}
OTHERWISE = N_("Send it in another way.")


class FieldProblem(Out):
    field: str
    message: str


class Problem(Out):
    """What every error answers to JSON clients (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldProblem] = []


def init_app(app: Flask) -> None:
    app.register_error_handler(CairnError, tell)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(PoolTimeout, _no_connection)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)


def tell(error: CairnError) -> AnyResponse:
    """Tell the error to whoever asked, in their tongue and with its status."""
    if (elsewhere := _elsewhere(error)) is not None:
        return elsewhere
    try:
        response = _page(error) if wants_page() else _problem(error)
    except (DBAPIError, PoolTimeout) as sick:  # a page asks whom it is for
        faults.note("unavailable", sick)
        faults.give_up()
        return tell(Unavailable())
    response.headers.extend(limits.refused(error))
    if challenge := _challenge(error):
        response.headers["WWW-Authenticate"] = challenge
    return response


def _elsewhere(error: CairnError) -> AnyResponse | None:
    """Where whoever asked is led to instead: to log in, to set up a second factor, to where the thing is now."""
    if isinstance(error, SignInNeeded) and wants_page():
        return _to_login(error)
    if isinstance(error, FactorMissing) and wants_page():
        return redirect("/auth/factors", 303)
    if isinstance(error, Moved) and request.endpoint is not None and "number" in (request.view_args or {}):
        return redirect(_there(error, request.endpoint), 308)
    return None


def _challenge(error: CairnError) -> str:
    if isinstance(error, LoginNotFresh):  # RFC 9470
        age = int(freshness.FRESH.total_seconds())
        return f'Bearer error="insufficient_user_authentication", max_age={age}'
    if isinstance(error, OutOfReach):  # RFC 6750
        scope = f', scope="{error.needed}"' if error.needed else ""
        return f'Bearer error="insufficient_scope"{scope}'
    if isinstance(error, BadToken):
        return 'Bearer error="invalid_token"'
    return "Bearer" if error.status == 401 else ""


def _there(moved: Moved, endpoint: str) -> str:
    """The address that was asked for, as it is since the issue has moved."""
    values = {**(request.view_args or {}), "project": moved.project, "number": moved.number}
    query = request.query_string.decode(errors="replace")
    return url_for(endpoint, **values, _method=request.method) + (f"?{query}" if query else "")


def _to_login(error: SignInNeeded) -> AnyResponse:
    """To a login, and back here afterwards; to the form's own page, since a POST cannot be gone back to."""
    login = "/auth/confirm" if isinstance(error, LoginNotFresh) else "/auth/login"
    wanted = reply.local(request.full_path.rstrip("?") if request.method == "GET" else _page_of_form())
    return redirect(login + (f"?next={quote(wanted)}" if wanted != "/" else ""), 303)


def _page_of_form() -> str:
    """Where the form or button stands that was sent: what its operation says, else what the browser does."""
    came = None if "form_page" in g else referrer()
    if came is None:
        return str(g.get("form_page", request.path))
    return came.path + (f"?{came.query}" if came.query else "")


def _page(error: CairnError) -> Response:
    if error.status >= 500 and not isinstance(error, Unreached):
        return still_page(error.status)
    # A page of another site that sent it must not read here what it sent.
    sent = [] if isinstance(error, csrf.Forged) else typed.fields()
    names: list[str | Template] = [f"errors/{error.status}.html", "errors/error.html"]
    text = drawing.page(names, error=error, typed=sent, request_id=g.get("request_id", ""))
    return tongue.told(Response(text, error.status))


def still_page(status: int) -> Response:
    """A page that needs neither database nor template: shown when those may be what broke."""
    text = _still("503" if status == 503 else "500").replace("{request_id}", g.get("request_id", ""))
    return Response(text.replace("{typed}", _typed()), status, mimetype="text/html")


def _typed() -> str:
    """What was typed, by a template that knows nothing else: nobody is asked for, and nothing is looked up."""
    with speaking(SOURCE):
        return current_app.jinja_env.get_template("errors/_typed.html").render(typed=typed.fields())


def _problem(error: CairnError) -> Response:
    errors = [FieldProblem(field=f, message=m) for f, sentences in error.errors.items() for m in sentences]
    problem = Problem(
        type=error.type,
        title=_(error.title),
        status=error.status,
        detail=_(error.detail or str(error)),
        request_id=g.get("request_id", ""),
        errors=errors,
        **error.more,
    )
    return tongue.told(Response(problem.model_dump_json(), error.status, mimetype="application/problem+json"))


def _http(error: HTTPException) -> AnyResponse:
    """Flask's and Werkzeug's own: unknown addresses, wrong methods, too large bodies."""
    status = error.code or 500
    # A page has links, and they would be to that host.
    if isinstance(error, SecurityError | BadHost) and wants_page():
        return Response("This server is not called that.\n", 400, mimetype="text/plain")
    if isinstance(error, RequestRedirect) or error.response is not None or status < 400:
        return error.get_response()
    if isinstance(error, RequestEntityTooLarge):
        return tell(typed.too_large(request))
    if status == 404 and (address := spellings.meant()):
        return redirect(address, 308)
    return _in_our_words(error, status)


def _in_our_words(error: HTTPException, status: int) -> AnyResponse:
    problem = CairnError(WORDS.get(status) or _ours(error) or OTHERWISE)
    problem.status, problem.title = status, TITLES.get(status, BadRequest.title if status < 500 else CairnError.title)
    response = tell(problem)
    kept = [pair for pair in error.get_headers() if pair[0].lower() in ("allow", "retry-after")]
    response.headers.extend(kept)
    return response


def _ours(error: HTTPException) -> str:
    """What it says if that is ours: what Werkzeug says by itself is English."""
    return error.description or "" if "description" in vars(error) else ""


def _database(error: DBAPIError) -> AnyResponse:
    faults.give_up()
    refusal = faults.refusal_of(error)
    return tell(refusal) if refusal else _unexpected(error)


def _no_connection(error: PoolTimeout) -> AnyResponse:
    faults.note("unavailable", error)
    return tell(Unavailable())


def _unexpected(error: Exception) -> AnyResponse:
    """A mistake of ours: the log has it whole, the caller its number."""
    faults.note("unexpected", error)
    faults.give_up()
    return tell(CairnError(N_("Cairn made a mistake. Report this number if it happens again.")))


@lru_cache
def _still(name: str) -> str:
    path = ROOT / "static" / f"{name}.html"
    return path.read_text()
