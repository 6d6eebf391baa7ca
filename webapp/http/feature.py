"""A blueprint whose views are written once for page and JSON: checked input comes in, a Reply goes out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import quote

from flask import Blueprint, current_app, g, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotAcceptable, RequestEntityTooLarge
from werkzeug.wrappers import Response

from webapp import faults
from webapp.connections import Overdue, Unprepared
from webapp.errors import (
    CairnError,
    Conflict,
    FactorMissing,
    Invalid,
    Overtaken,
    SignInNeeded,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
)
from webapp.faults import DBAPIError
from webapp.http import admission, csrf, freshness, limits, traps, typed, unsent, uploads
from webapp.http.addresses import of_form
from webapp.http.application import asked
from webapp.http.bringing import arguments
from webapp.http.form import Form, ShownAgain
from webapp.http.identity import me, require_fresh
from webapp.http.input import body_of, query_of
from webapp.http.negotiation import wants_page
from webapp.http.once import once
from webapp.http.reply import Done, Made, Page, Reply, local
from webapp.http.scopes import SAFE
from webapp.http.services import services
from webapp.i18n import _

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Reply[Any]])

TRIES = 3
# What typed text must survive: these show the form again, filled, instead of an error page.
REFUSALS = (Invalid, Conflict, TooLarge, TooMany, Unavailable, csrf.Forged, ShownAgain)


@dataclass(frozen=True, slots=True)
class Operation:
    """A view with what its signature says. The router, the input check and the API document all read this."""

    view: Callable[..., Reply[Any]]
    method: str
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    returns: Any
    form: str | None = None
    creates: bool = False
    secret: bool = False
    anonymous: bool = False
    upload: bool = False
    files: str | None = None
    throttled: bool = False
    spends: str = ""
    signed: bool = False
    trapped: bool = False
    later: bool = False
    page_only: bool = False
    media: str = ""

    @property
    def answers(self) -> bool:
        """Whether it tells anything beyond its status."""
        return self.returns is not None and self.returns is not type(None)

    @property
    def is_replayable(self) -> bool:
        """Whether it heeds the key of a request. Accounts are made without: hashing must hold no connection."""
        return self.creates and not self.secret and not self.anonymous

    def run(self, values: dict[str, Any]) -> Reply[Any]:
        """What the view answers to what came in; the rest of what it asks for is found for it."""
        return self.view(**arguments(self.view, values))


class Feature(Blueprint):
    """The addresses of a feature. `form=` names the page to show again when the input is refused.

    `creates=True` marks a POST that is answered by 201, which a key lets happen only once; `secret=True` one
    whose answer must not be kept for that. `anonymous=True` is what is done before the login;
    `signed=True` is what an address with a signature in it allows whoever has it, without login or form, or what
    comes signed; `later=True` what is only taken, and looked at after the answer.
    `trapped=True` what programs fill in (webapp/http/traps.py).
    `throttled=True` what has to wait after failures, as all of that has; `spends=` names the allowance of what may be
    done only so often (webapp/auth/allowances.py); else it is "creation" for what creates, "change" in a project.
    `upload=True` takes one file in the field `file`; `files="body"` takes some in `files`, and names them in
    the text of that field. `media=` is what it answers to everybody, if that is neither page nor JSON.
    A PATCH or PUT view also answers a page's POST at its address, a DELETE view one at `…/delete`,
    because a browser's form can only POST; `twin=` names another one where that is taken.
    """

    def __init__(self, name: str, url_prefix: str = "") -> None:
        super().__init__(name, "webapp", url_prefix=url_prefix)

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._operation("GET", rule, **options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._operation("POST", rule, **options)

    def patch(self, rule: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._operation("PATCH", rule, **{"twin": rule, **options})

    def put(self, rule: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._operation("PUT", rule, **{"twin": rule, **options})

    def delete(self, rule: str, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._operation("DELETE", rule, twin=f"{rule}/delete", **options)

    def page(self, rule: str, method: str = "GET", **options: Any) -> Callable[[View], View]:
        """An address that only pages have: a form, a confirmation, a preview."""
        return self._operation(method, rule, page_only=True, **options)

    def _operation(
        self, method: str, rule: str, *, twin: str | None = None, endpoint: str | None = None, **marks: Any
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            name = endpoint or view.__name__
            operation = _read(view, method, {"spends": limits.of(method, f"{self.url_prefix}{rule}", marks), **marks})
            self.add_url_rule(rule, name, _answering(operation), methods=[method])
            if twin is not None:
                self.add_url_rule(twin, name, methods=["POST"])
            return view

        return register


def _read(view: Callable[..., Reply[Any]], method: str, marks: dict[str, Any]) -> Operation:
    hints = get_type_hints(view)
    said = hints.get("return")
    returns = next(iter(get_args(said)), None) if get_origin(said) is Reply else None
    return Operation(view, method, hints.get("body"), hints.get("query"), returns, **marks)


def _answering(operation: Operation) -> Callable[..., Response]:
    """The view that Flask calls: check who and what, run the operation, tell its reply."""

    @wraps(operation.view)
    def answer(**path: Any) -> Response:
        is_page = wants_page()
        if not is_page:
            _refuse_page_ways(operation)
        try:
            reply = _carried_out(operation, path)
        except CairnError as refused:
            if operation.form and is_page:
                if isinstance(refused, _refusals(operation)):
                    return _form_again(operation.form, refused, path)
                _keep_typed(operation.form, refused, path)
            raise _to_client(refused) from refused
        if operation.form and isinstance(reply, Made | Done) and is_page:
            unsent.forget(of_form(operation.form, path))
        response = reply.as_page() if is_page else reply.as_json(operation.returns)
        return limits.told(response) if operation.spends else response

    answer.operation = operation  # type: ignore[attr-defined]
    return answer


def _refuse_page_ways(operation: Operation) -> None:
    """To a client the ways that only pages have are not there: neither their addresses nor their POSTs."""
    if operation.page_only or (operation.method != "POST" and asked().method == "POST"):
        adapter = current_app.create_url_adapter(request)
        methods = methods_for_clients(adapter.allowed_methods() if adapter else ())
        if methods != ["OPTIONS"]:
            raise MethodNotAllowed(methods)
        raise NotAcceptable(_("This address is a page; it has no JSON."))


def _refusals(operation: Operation) -> tuple[type[CairnError], ...]:
    """To the login page a wrong password is a refusal; elsewhere a missing login leads to that page."""
    return (*REFUSALS, SignInNeeded) if operation.anonymous else REFUSALS


def _carried_out(operation: Operation, path: dict[str, Any]) -> Reply[Any]:
    """Check who asks and what came in, then run the view. Raises CairnError for all that can be told."""
    safe = asked().method in SAFE
    admission.admit()
    try:
        if not safe:
            _let_in(operation, path)
        if operation.spends:
            limits.spend(operation.spends, path)
        values = dict(path)
        if operation.query is not None:
            values["query"] = query_of(operation.query)
        if operation.body is not None:
            values["body"] = body_of(operation.body)
        return _tried(lambda: _run(operation, values), harmless=safe)
    except RequestEntityTooLarge:
        raise typed.too_large(request) from None
    except DBAPIError as error:
        refusal = faults.refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def _let_in(operation: Operation, path: dict[str, Any]) -> None:
    if operation.upload or operation.files:
        uploads.admit()
    _tried(lambda: _guard(operation), harmless=True)
    if operation.files:
        uploads.write_into(operation.files, path)
    if operation.form and wants_page():
        _tried(lambda: services().fill(path), harmless=True)


def _run(operation: Operation, values: dict[str, Any]) -> Reply[Any]:
    if operation.creates and operation.is_replayable:
        return once(lambda: operation.run(values), operation.returns)
    return operation.run(values)


def _guard(operation: Operation) -> None:
    if operation.signed:
        return
    csrf.check(anonymous=operation.anonymous)
    if operation.trapped:
        traps.check()
    if not operation.anonymous:
        me()
        if asked().endpoint in freshness.SENSITIVE:
            require_fresh()


def _tried(act: Callable[[], T], *, harmless: bool) -> T:
    """Run it; again if the database says that trying again is the cure.

    A deadlock or serialization failure undid everything, and so did a statement that was not prepared any more: any
    act may be tried again. After a lost connection only a harmless one may: nobody knows whether the change was made.
    """
    for _again in range(TRIES - 1):
        try:
            return act()
        except DBAPIError as error:
            faults.give_up()
            undone = faults.state(error) in ("40001", "40P01") or isinstance(error.orig, Unprepared)
            lost = error.connection_invalidated and not isinstance(error.orig, Overdue)
            if not undone and not (harmless and lost):
                raise
    return act()


def _form_again(endpoint: str, refused: CairnError, path: dict[str, Any]) -> Response:
    Form.again(refused)
    answering: Any = current_app.view_functions[f"{request.blueprint}.{endpoint}"]
    operation: Operation = answering.operation
    # What the form's own address was asked is gone; and a list takes nothing of the one thing that was refused.
    shown = operation.run({**path, **({"query": operation.query()} if operation.query else {})})
    if not isinstance(shown, Page):  # there is no form any more, and it leads to where one goes on
        return shown.as_page()
    response = shown.as_page(refused.status)
    response.headers.extend(limits.refused(refused))
    return response


def _keep_typed(endpoint: str, refused: CairnError, path: dict[str, Any]) -> None:
    """Whose login is over is led to the login, then back to the form; what was typed waits for them there."""
    if isinstance(refused, SignInNeeded | FactorMissing) and request.method == "POST":
        g.form_page = of_form(endpoint, path)
        unsent.keep(g.form_page)
        if (onward := local(request.form.get("next"))) != "/":
            g.form_page += f"?next={quote(onward)}"


def methods_for_clients(methods: Iterable[str]) -> list[str]:
    """Those of an address's methods that answer JSON: without the forms and posts that only pages have."""
    adapter = current_app.create_url_adapter(request)
    kept = {"OPTIONS"}
    for method in methods:
        try:
            rule, _ = adapter.match(method=method, return_rule=True) if adapter else (None, None)
        except HTTPException:
            continue
        operation = getattr(current_app.view_functions[rule.endpoint], "operation", None) if rule else None
        twin = operation is not None and method == "POST" and operation.method != "POST"
        if not twin and not (operation and operation.page_only):
            kept.add(method)
    return sorted(kept)


def _to_client(refused: CairnError) -> CairnError:
    """A client that said If-Match hears that its condition failed."""
    if isinstance(refused, Overtaken) and request.if_match:
        return Stale(refused.detail)
    return refused
