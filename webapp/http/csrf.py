"""Writes that another site made the browser send.

Three layers: where the request says it comes from, a token that only our pages know, SameSite=Lax.
The token of somebody signed in is a claim inside their signed JWT; before the login it is the keyed hash
of a random cookie.
"""

import hmac
import secrets
from os import urandom

from flask import Flask, Response, current_app, g, request

from webapp.config import Settings
from webapp.config.keys import Ring
from webapp.errors import Forbidden
from webapp.http.application import asked, noted
from webapp.http.cookies import carried, cookie, put_cookie
from webapp.http.identity import Identity, identity
from webapp.http.negotiation import wants_page
from webapp.i18n import N_, _

COOKIE = "cairn-visit"
# Bytes of the salt, and characters of what it is hashed to.
SALT, MAC = 8, 40


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
    _require_token(who)


def _require_token(who: Identity | None) -> None:
    sent = request.headers.get("X-CSRF-TOKEN") or request.form.get("csrf_token", "")
    if not any(_same(sent, expected) for expected in expected(who)):
        raise Forged() if wants_page() else Forged(_("Send the CSRF token of the login as X-CSRF-TOKEN."))


def token() -> str:
    """The value of a form's hidden csrf_token field: another one on each page, so that nobody can tell it from how
    well pages are compressed that also have what he made them say.
    """
    notes = noted()
    if "csrf_token" not in notes:
        notes["csrf_token"] = _salted(value(), urandom(SALT).hex())
    return str(notes["csrf_token"])


def value() -> str:
    """What all tokens of a sign-in, or of a visit before it, are made of. Clients send it as it is."""
    who = identity()
    if who is not None:
        return str(who.claims.get("csrf", ""))
    return visitor()


def visitor() -> str:
    """What tells this browser from others before a login; it is given a cookie for that if it has none."""
    visit = cookie(COOKIE) or g.get("new_visit")
    if not visit:
        visit = g.new_visit = secrets.token_urlsafe(16)
    return _of_visits().mac(visit).hex()


def expected(who: Identity | None) -> list[str]:
    """What proves that a page is ours: `value` when it was shown, or several, while a former key counts."""
    if who is not None:
        return [str(who.claims.get("csrf", ""))]
    visit = cookie(COOKIE)
    return [mac.hex() for mac in _of_visits().macs(visit)] if visit else []


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
    if not expected or len(sent) > 64:
        return False
    salted = _salted(expected, sent[: 2 * SALT])
    return any(hmac.compare_digest(sent.encode(), one.encode()) for one in (expected, salted))


def _salted(value: str, salt: str) -> str:
    return salt + hmac.digest(value.encode(), salt.encode(), "sha256").hex()[:MAC]


def _of_visits() -> Ring:
    keys: Ring = current_app.config["KEYS"]["visit"]
    return keys


def carry(response: Response) -> Response:
    if visit := g.get("new_visit"):
        put_cookie(response, COOKIE, visit, 86_400)
    return response


def init_app(app: Flask) -> None:
    carried(app, carry, "new_visit")
