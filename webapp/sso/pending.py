"""Between a login elsewhere and the account to link it with: what the provider told, signed, for ten minutes.

A browser has it in a cookie, and it is bound to that browser. A client is told it. It lets nobody in: whoever has it
has to come in as before, and agree.
"""

import hmac
from dataclasses import astuple

from flask import Flask, Response, current_app, g
from itsdangerous import BadData, URLSafeTimedSerializer

from webapp.errors import Conflict
from webapp.http import csrf
from webapp.http.cookies import carried, cookie, hand_over
from webapp.i18n import N_
from webapp.sso.rows import Identity

COOKIE = "cairn-link"
LASTS = 600  # seconds


class LinkOver(Conflict):
    """There is nothing to be linked, or not any more."""

    title = N_("There is nothing to link")
    detail = N_("This was begun too long ago, or in another browser. Log in there again.")


def of_client(identity: Identity) -> str:
    """The token that a client is told."""
    return str(_signer("client").dumps(astuple(identity)))


def keep(identity: Identity) -> None:
    """Give it to this browser."""
    g.link = str(_signer("browser").dumps([*astuple(identity), csrf.visitor()]))


def is_there() -> bool:
    """Whether this browser has something to link."""
    return bool(cookie(COOKIE))


def require(token: str) -> Identity:
    """What is to be linked: by the token of a client, else by the cookie of a browser. Raises LinkOver."""
    try:
        if token:
            return Identity(*_signer("client").loads(token, max_age=LASTS))
        *told, browser = _signer("browser").loads(cookie(COOKIE) or "", max_age=LASTS)
    except (BadData, TypeError, ValueError):
        raise LinkOver() from None
    if not hmac.compare_digest(browser, csrf.visitor()):
        raise LinkOver()
    return Identity(*told)


def forget() -> None:
    """It is linked."""
    g.link = ""


def carry(response: Response) -> Response:
    """Give the browser its token, or take it away."""
    return hand_over(response, COOKIE, g.get("link"), LASTS)


def init_app(app: Flask) -> None:
    carried(app, carry, "link")


def _signer(kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["KEYS"]["sso"].oldest_first, salt=f"link {kind}")
