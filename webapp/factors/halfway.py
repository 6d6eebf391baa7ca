"""Between the password and the second factor: a signed token for five minutes, which is no login.

A browser has it in a cookie, and it is bound to that browser. A client is told it.
"""

import hmac
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, Response, current_app, g, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from webapp.auth import browsers
from webapp.auth import service as auth
from webapp.errors import FactorNeeded
from webapp.factors import entering
from webapp.factors.entering import Halfway, Stay
from webapp.http import Done, csrf
from webapp.http.cookies import carried, cookie, hand_over
from webapp.http.negotiation import wants_page
from webapp.http.reply import local

COOKIE = "cairn-halfway"
LASTS = 300  # seconds


class Entry(Protocol):
    """How somebody wants to come in."""

    remember: bool
    cookie: bool
    next: str


@dataclass(frozen=True, slots=True)
class Here:
    """Who has come so far, and how they will stay."""

    reached: Halfway
    stay: Stay


def stay(entry: Entry) -> Stay:
    """How whoever comes in so stays: a browser by its cookie, a client by tokens."""
    return _stay(by_cookie=wants_page() or entry.cookie, remember=entry.remember)


def lead_on(reached: Halfway, entry: Entry) -> Done:
    """Lead a browser to where it shows the second factor. Raises FactorNeeded, which tells a client how."""
    is_page = wants_page()
    told = [reached.user_id, reached.epoch, reached.provider, is_page or entry.cookie, entry.remember]
    if not is_page:
        raise FactorNeeded(entering.ways(reached), str(_signer("client").dumps([*told, ""])))
    g.halfway = str(_signer("browser").dumps([*told, csrf.visitor()]))
    return Done(None, at=url_for("factors.login_form", next=browsers.onward(local(entry.next))))


def here(token: str = "") -> Here | None:
    """Who has come so far: by the token of a client, else by the cookie of a browser."""
    kind, held = ("client", token) if token else ("browser", cookie(COOKIE) or "")
    try:
        user_id, epoch, provider, by_cookie, remember, visitor = _signer(kind).loads(held, max_age=LASTS)
    except (BadData, ValueError):  # a version before had fewer
        return None
    if kind == "browser" and not hmac.compare_digest(visitor, csrf.visitor()):
        return None
    reached = Halfway(user_id, epoch, provider)
    if not entering.stands(reached):
        return None
    return Here(reached, _stay(by_cookie=by_cookie, remember=remember))


def require(token: str) -> Here:
    """The same. Raises SignInNeeded for nobody."""
    found = here(token)
    if found is None:
        raise entering.over()
    return found


def forget() -> None:
    """Whoever was halfway is in."""
    g.halfway = ""


def carry(response: Response) -> Response:
    """Give the browser its token, or take it away."""
    return hand_over(response, COOKIE, g.get("halfway"), LASTS)


def init_app(app: Flask) -> None:
    carried(app, carry, "halfway")


def _stay(*, by_cookie: bool, remember: bool) -> Stay:
    if not by_cookie:
        return Stay(auth.CLIENT, browsers.refresh_key())
    return Stay(auth.REMEMBERED if remember else auth.BROWSER, None)


def _signer(kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["KEYS"]["halfway"].oldest_first, salt=kind)
