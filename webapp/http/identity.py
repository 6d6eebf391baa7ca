"""Who is asking: a bearer token if there is one, else the cookie, else nobody."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import get_csrf_token

from webapp.access import Viewer
from webapp.errors import Forbidden, LoginNotFresh, SignInNeeded
from webapp.http import freshness, tokens
from webapp.http.application import asked, noted
from webapp.http.cookies import carried
from webapp.http.services import services
from webapp.i18n import N_


class BadToken(SignInNeeded):
    detail = N_("The token is not valid or has expired.")


@dataclass(frozen=True, slots=True)
class Identity:
    viewer: Viewer
    claims: dict[str, Any]
    by_cookie: bool


def identity() -> Identity | None:
    """Who asks, looked up once a request.

    A bad bearer token is refused (BadToken, or Forbidden for a deactivated person): its client must know.
    A bad cookie only means that nobody is signed in, and is taken away: otherwise it would lock its browser
    out of the login page.
    """
    known = noted()
    if "identity" not in known:
        known["identity"] = _by_header() or _by_cookie()
    who: Identity | None = known["identity"]
    return who


def viewer() -> Viewer | None:
    """The person who asks, if anybody is signed in."""
    who = identity()
    return who.viewer if who else None


def me() -> Viewer:
    """The person who asks; raises SignInNeeded if nobody is signed in."""
    who = identity()
    if who is None:
        raise SignInNeeded()
    return who.viewer


def become(person: Viewer) -> None:
    """Let this be whoever asks, from here on: something was just found out, or done, that pages tell of them."""
    known = noted()
    found: Identity | None = known.get("identity")
    if found is not None:
        known["identity"] = replace(found, viewer=person)
        known.pop("look", None)
        known.pop("language", None)


def here() -> int:
    """The number of the sign-in that asks; raises SignInNeeded if nobody is signed in."""
    who = identity()
    if who is None:
        raise SignInNeeded()
    return int(who.claims["sid"])


def held() -> int | None:
    """The number of the sign-in that the cookie of this browser claims, if it has one that is ours."""
    claims = _held()
    return claims["sid"] if claims else None


def hold(person: Viewer, *, sid: int, epoch: int, end: int, lasts: timedelta, fresh: int = 0) -> str:
    """Give this browser the cookie of a sign-in; returns its CSRF token."""
    token = tokens.make(person, sid=sid, epoch=epoch, end=end, lasts=lasts, fresh=fresh)
    g.signed_in = (token, lasts)
    return str(get_csrf_token(token))


def renew() -> tuple[int, str]:
    """Give a browser that is signed in a new cookie: (seconds it lasts, its CSRF token).

    Raises SignInNeeded for one that is not signed in by cookie.
    """
    who = identity()
    if who is None or not who.by_cookie:
        raise SignInNeeded()
    g.signed_in = token, lasts = _renewed(who)
    return int(lasts.total_seconds()), str(get_csrf_token(token))


def prove() -> tuple[int, str, bool]:
    """Let whoever asks be somebody who has just shown who they are: (seconds it lasts, a token, whether by cookie).

    A browser is given its cookie, and the token that is returned is that of CSRF. Raises SignInNeeded.
    """
    who = identity()
    if who is None:
        raise SignInNeeded()
    token, lasts = _renewed(who, fresh=freshness.until())
    if who.by_cookie:
        g.signed_in = token, lasts
    return int(lasts.total_seconds()), str(get_csrf_token(token)) if who.by_cookie else token, who.by_cookie


def require_fresh() -> None:
    """Go on only if whoever asks has shown a short while ago who they are. Raises LoginNotFresh."""
    if not is_fresh():
        raise LoginNotFresh()
    noted()["fresh"] = True


def is_fresh() -> bool:
    """Whether whoever asks, if anybody is signed in, has shown a short while ago who they are."""
    who = identity()
    return who is None or freshness.holds(who.claims)


def sign_out() -> None:
    """Take the token from this browser."""
    g.signed_out = True


def _person(claims: dict[str, Any]) -> Viewer | None:
    """Whom the claims speak of."""
    return services().person(claims)


def _by_header() -> Identity | None:
    scheme, _, token = asked().environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    claims = tokens.read(token.strip())
    person = _person(claims) if claims else None
    if claims is None or person is None:
        raise BadToken()
    return Identity(person, claims, by_cookie=False)


def _held() -> dict[str, Any] | None:
    """What the cookie of this browser claims, if it has one that is ours."""
    token = request.cookies.get(current_app.config["JWT_ACCESS_COOKIE_NAME"])
    return tokens.read(token) if token else None


def _by_cookie() -> Identity | None:
    if not request.cookies.get(current_app.config["JWT_ACCESS_COOKIE_NAME"]):
        return None
    claims = _held()
    try:
        person = _person(claims) if claims else None
    except Forbidden:
        person = None
    if claims is None or person is None:
        sign_out()
        return None
    return Identity(person, claims, by_cookie=True)


def carry(response: Response) -> Response:
    """Set, renew or take away the token's cookie, as the request had it."""
    known = noted()
    if signed_in := known.get("signed_in"):
        tokens.put(response, *signed_in)
    elif known.get("signed_out"):
        tokens.drop(response)
        if request.endpoint == "auth.logout":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
    elif (who := known.get("identity")) is not None and who.by_cookie:
        _renew(response, who)
    return response


def _renew(response: Response, who: Identity) -> None:
    """Who keeps coming stays signed in: a new token once a tenth of the idle time is gone, until the end."""
    if asked().method != "GET" or response.status_code >= 400:
        return
    if time.time() - who.claims["iat"] > who.claims["idle"] / 10:
        with suppress(SignInNeeded):
            tokens.put(response, *_renewed(who))


def _renewed(who: Identity, fresh: int | None = None) -> tuple[str, timedelta]:
    """A new token for the same sign-in. Raises SignInNeeded in its last second, which no token can outlast.

    It is fresh for as long as the one that it renews, or until `fresh`.
    """
    claims = who.claims
    lasts = timedelta(seconds=min(claims["idle"], claims["end"] - int(time.time())))
    if lasts <= timedelta(0):
        raise SignInNeeded()
    token = tokens.make(
        who.viewer,
        sid=claims["sid"],
        epoch=claims["ep"],
        end=claims["end"],
        lasts=lasts,
        csrf=claims.get("csrf"),
        fresh=int(claims.get("fresh") or 0) if fresh is None else fresh,
    )
    return token, lasts


def init_app(app: Flask) -> None:
    carried(app, carry, "signed_in", "signed_out", "identity")
