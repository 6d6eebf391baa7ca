"""Writes that another site made the browser send.

Three layers: where the request says it comes from, a token that only our pages know, SameSite=Lax.
The token of somebody signed in is a claim inside their signed JWT; before the login it is the keyed hash
of a random cookie.
"""

import hmac
import secrets
from hashlib import sha256

from flask import Flask, Response, current_app, g, request

from webapp.config import Settings
from webapp.errors import Forbidden
from webapp.http.application import asked, noted
from webapp.http.cookies import carried, cookie, put_cookie
from webapp.http.identity import Identity, identity
from webapp.http.negotiation import wants_page
from webapp.i18n import N_, _

COOKIE = "cairn-visit"


class Forged(Forbidden):
    """The request may come from another site, or from a page that was open for too long."""

    title = N_("The request did not prove where it comes from")
    detail = N_("This page was open for too long, or was not ours. What you typed is still here: send it again.")


def check(*, anonymous: bool) -> None:
    """Refuse a write that may be forged. Raises Forged.

    `anonymous`: an operation for people who are not signed in. A page's form proves itself even then;
    a JSON client need not, because a foreign page cannot send JSON without a preflight.
    """
    _check_origin()
    if anonymous and not wants_page():
        return
    who = identity()
    if who is not None and not who.by_cookie:
        return
    if who is None and not anonymous:
        return  # the view itself asks for the login
    sent = request.headers.get("X-CSRF-TOKEN") or request.form.get("csrf_token", "")
    if not _same(sent, _expected(who)):
        raise Forged() if wants_page() else Forged(_("Send the CSRF token of the login as X-CSRF-TOKEN."))


def token() -> str:
    """The value of a form's hidden csrf_token field."""
    notes = noted()
    if "csrf_token" not in notes:
        notes["csrf_token"] = _token()
    return str(notes["csrf_token"])


def _token() -> str:
    who = identity()
    if who is not None:
        return str(who.claims.get("csrf", ""))
    visit = cookie(COOKIE)
    if not visit:
        visit = g.new_visit = secrets.token_urlsafe(16)
    return _keyed(visit)


def _expected(who: Identity | None) -> str:
    if who is not None:
        return str(who.claims.get("csrf", ""))
    visit = cookie(COOKIE)
    return _keyed(visit) if visit else ""


def _check_origin() -> None:
    """The Origin must be our own or a listed one; without one, the browser must not call it cross-site."""
    sent = asked()
    origin = sent.environ.get("HTTP_ORIGIN")
    if origin is not None:
        settings: Settings = current_app.config["SETTINGS"]
        if origin not in (sent.host_url.rstrip("/"), settings.base_url, *settings.origins):
            raise Forged(_("The request comes from another site, which is not allowed here."))
    elif sent.environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
        raise Forged(_("The request comes from another site, which is not allowed here."))


def _same(sent: str, expected: str) -> bool:
    """Compared as bytes: as text, a single non-ASCII character would be an error instead of a no."""
    return bool(expected) and len(sent) <= 64 and hmac.compare_digest(sent.encode(), expected.encode())


def _keyed(visit: str) -> str:
    key: str = current_app.config["KEYS"]["visit"]
    return hmac.new(key.encode(), visit.encode(), sha256).hexdigest()


def carry(response: Response) -> Response:
    if visit := g.get("new_visit"):
        put_cookie(response, COOKIE, visit, 86_400)
    return response


def init_app(app: Flask) -> None:
    carried(app, carry, "new_visit")
