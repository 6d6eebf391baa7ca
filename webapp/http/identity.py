"""Who is asking: a bearer token if there is one, else the cookie, else nobody."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request
from flask_jwt_extended import get_csrf_token

from webapp import token_form
from webapp.access import Viewer
from webapp.config import Settings
from webapp.errors import FactorMissing, Forbidden, LoginNotFresh, SignInNeeded
from webapp.http import freshness, scopes, tokens
from webapp.http.application import application, asked, noted
from webapp.http.cookies import carried
from webapp.http.services import services
from webapp.i18n import N_


class BadToken(SignInNeeded):
    detail = N_("The token is not valid or has expired.")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody, and how they asked; of a personal access token the claims are no more than its sign-in."""

    viewer: Viewer
    claims: dict[str, Any]
    by_cookie: bool
    of_former_key: bool = False


def identity() -> Identity | None:
    """Who asks, looked up once a request.

    A bad bearer token is refused (BadToken, or Forbidden for a deactivated person, OutOfReach for a personal access
    token that is not for this): its client must know.
    A bad cookie only means that nobody is signed in, and is taken away: otherwise it would lock its browser
    out of the login page. Whoever must have a second factor first, and has none, is let in nowhere but where they
    set one up (FactorMissing, however often it is asked).
    """
    known = noted()
    if "identity" not in known:
        found = _by_header() or _by_cookie()
        if found is not None and not found.viewer.has_factor:
            _require_no_factor(found.viewer)
        known["identity"] = found
        if found is not None and found.by_cookie:
            known["by_cookie"] = True
    who: Identity | None = known["identity"]
    return who


def _require_no_factor(person: Viewer) -> None:
    settings: Settings = application().config["SETTINGS"]
    if settings.asks_factor(is_admin=person.is_admin) and not asked().path.startswith("/auth/"):
        raise FactorMissing()


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
    token, _ = tokens.of_browser()
    claims = tokens.read(token) if token else None
    return claims["sid"] if claims else None


def hold(person: Viewer, *, sid: int, epoch: int, end: int, lasts: timedelta, fresh: int = 0) -> str:
    """Give this browser the cookie of a sign-in; returns its CSRF token."""
    token = tokens.make(person, sid=sid, epoch=epoch, end=end, lasts=lasts, fresh=fresh)
    g.signed_in = (token, lasts)
    _become_held(person, token, sid, epoch)
    return str(get_csrf_token(token))


def _become_held(person: Viewer, token: str, sid: int, epoch: int) -> None:
    """Let whoever asks be who was just signed in: a page that answers at once has forms, which prove that."""
    known, claims = noted(), tokens.read(token)
    if claims is not None:
        known["identity"] = Identity(replace(person, sid=sid, epoch=epoch), claims, by_cookie=True)
        known.pop("csrf_token", None)


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
    """Go on only if whoever asks has shown a short while ago who they are.

    Raises LoginNotFresh, or OutOfReach for a personal access token, which shows nobody.
    """
    if (who := identity()) is not None and who.viewer.scope is not None:
        raise scopes.OutOfReach(None)
    if not is_fresh():
        raise LoginNotFresh()
    noted()["fresh"] = True


def is_fresh() -> bool:
    """Whether whoever asks, if anybody is signed in, has shown a short while ago who they are."""
    who = identity()
    return who is None or freshness.holds(who.claims)


def fresh_until() -> int:
    """Until when (Unix seconds) it counts that whoever asks has shown who they are; 0 if they have not."""
    who = identity()
    return int(who.claims.get("fresh") or 0) if who is not None else 0


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
    token = token.strip()
    if token.startswith(token_form.PREFIX):
        return _by_personal_token(token)
    claims = tokens.read(token)
    person = _person(claims) if claims else None
    if claims is None or person is None:
        raise BadToken()
    return Identity(person, claims, by_cookie=False)


def _by_personal_token(token: str) -> Identity:
    person = services().holder(token) if token_form.is_whole(token) else None
    if person is None or person.scope is None:
        raise BadToken()
    sent = asked()
    scopes.require(person, sent.endpoint, sent.method, in_project="project" in (sent.view_args or {}))
    return Identity(person, {"sid": person.sid}, by_cookie=False)


def _by_cookie() -> Identity | None:
    token, of_former_key = tokens.of_browser()
    if not token:
        return None
    claims = tokens.read(token)
    try:
        person = _person(claims) if claims else None
    except Forbidden:
        person = None
    if claims is None or person is None:
        sign_out()
        return None
    return Identity(person, claims, by_cookie=True, of_former_key=of_former_key)


def carry(response: Response) -> Response:
    """Set, renew or take away the token's cookie, as the request had it."""
    known = noted()
    if signed_in := known.get("signed_in"):
        tokens.put(response, *signed_in)
    elif known.get("signed_out"):
        tokens.drop(response)
        if request.endpoint == "auth.logout":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
    elif known.get("by_cookie"):
        _renew(response, known["identity"])
    return response


def _renew(response: Response, who: Identity) -> None:
    """Who keeps coming stays signed in: a new token once a tenth of the idle time is gone, until the end.

    One in a cookie that is called after a former key is replaced at once.
    """
    if asked().method != "GET" or response.status_code >= 400:
        return
    if time.time() - who.claims["iat"] > who.claims["idle"] / 10 or who.of_former_key:
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
    carried(app, carry, "signed_in", "signed_out", "by_cookie")
