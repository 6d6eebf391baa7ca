"""How a browser is signed in, or a client."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import current_app, request, url_for

from webapp.access import Viewer
from webapp.auth import service as auth
from webapp.auth.schemas import AccessOut, CookieOut, TokenOut
from webapp.auth.service import Login, Source
from webapp.config.keys import Ring
from webapp.http import devices, freshness, identity, tokens, unsent
from webapp.http.reply import local


def sign_in(login: Login, *, fresh: int = 0) -> str:
    """Let this browser be signed in from now on, and known later; returns the CSRF token of its cookie.

    What it held until now ends, so that a copy of that cookie is worth nothing any more; and what somebody else
    typed into it when their login was over is not for this person.
    """
    held = identity.held()
    if held is not None and held != login.sid:
        auth.log_out(held)
    if devices.is_of_another(login.viewer.email):
        unsent.forget()
    devices.remember(login.viewer.email)
    return identity.hold(
        login.viewer, sid=login.sid, epoch=login.epoch, end=login.end, lasts=login.idle, fresh=_fresh(login) or fresh
    )


def onward(asked: str | None) -> str | None:
    """The path of this site that somebody wants to go on to; None where that is only the first page."""
    wanted = local(asked)
    return wanted if wanted != "/" else None


def to_log_in(asked: str | None) -> str:
    """The page that asks for a login and then goes on to a path of this site."""
    return url_for("auth.login_form", next=onward(asked))


def source(email: str) -> Source:
    """Where the request comes from that is about the account with this address."""
    return Source(request.remote_addr or "", request.user_agent.string, devices.known(email))


def as_before() -> dict[str, Any]:
    """How long a sign-in lasts, and by what it is refreshed, that takes the place of the one that asks."""
    who = identity.identity()
    if who is None or not who.by_cookie:
        return {"lasting": auth.CLIENT, "refresh_key": refresh_key()}
    remembered = who.claims["idle"] > auth.BROWSER.idle.total_seconds()
    return {"lasting": auth.REMEMBERED if remembered else auth.BROWSER, "refresh_key": None}


def again() -> Callable[[Viewer], Login]:
    """What begins a sign-in in the place of the one that asks, and lasts as that does."""
    return partial(auth.begin, agent=request.user_agent.string, **as_before())


def begun(login: Login, *, fresh: int = 0) -> TokenOut | CookieOut:
    """A client is told its tokens, a browser is given its cookie.

    `fresh` is until when it counts that they have shown who they are, if they have not shown it just now.
    """
    if login.refresh_token is not None:
        return token_of(login, fresh=fresh)
    return CookieOut(expires_in=int(login.idle.total_seconds()), csrf_token=sign_in(login, fresh=fresh))


def token_of(login: Login, *, fresh: int = 0) -> TokenOut:
    """The tokens that a client is told."""
    access = tokens.make(login.viewer, sid=login.sid, epoch=login.epoch, end=login.end, fresh=_fresh(login) or fresh)
    return TokenOut(
        access_token=access,
        expires_in=int(tokens.ACCESS.total_seconds()),
        refresh_token=login.refresh_token or "",
    )


def confirmed() -> AccessOut | CookieOut:
    """What somebody is given who has typed their password again: the same sign-in, fresh for a while."""
    lasts, token, by_cookie = identity.prove()
    if by_cookie:
        return CookieOut(expires_in=lasts, csrf_token=token)
    return AccessOut(access_token=token, expires_in=lasts)


def _fresh(login: Login) -> int:
    return freshness.until() if login.is_proved else 0


def refresh_key() -> Ring:
    """By what refresh tokens are signed."""
    key: Ring = current_app.config["KEYS"]["refresh"]
    return key
