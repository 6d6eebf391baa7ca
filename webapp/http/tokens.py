"""The JWT: made at login, read at each request.

Flask-JWT-Extended makes tokens and keeps the cookies. They are read by PyJWT itself: the extension would fill
in a missing `type`, take a token without an end, and need twice the time, with each request.
"""

import time
from collections import OrderedDict
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from typing import Any

import jwt
from flask import Flask, Response
from flask_jwt_extended import JWTManager, create_access_token, set_access_cookies, unset_jwt_cookies

from webapp.access import Viewer
from webapp.config import Settings
from webapp.http.application import application, asked
from webapp.http.cookies import Names

ACCESS = timedelta(minutes=30)
NAME = "cairn"  # who makes the tokens, and for whom
LEEWAY = 10  # seconds between the clocks of several servers
# A correctly signed token that lacks one of these, or has another type there, is not one of ours.
CLAIMS = {
    "sub": str,
    "exp": int,
    "iat": int,
    "jti": str,
    "sid": int,
    "ep": int,
    "type": str,
    "end": int,
    "idle": int,
}


def init_app(app: Flask, settings: Settings) -> None:
    secure = settings.is_production
    host = "__Host-" if secure else ""  # such a cookie can be set by this very host alone
    names = Names(app.config["KEYS"]["cookies"])
    known, twins = names[f"{host}{NAME}"], names[f"{host}{NAME}-csrf"]
    app.config.update(
        JWT_SECRET_KEY=app.config["KEYS"]["session"].present,
        JWT_ALGORITHM="HS256",
        JWT_ENCODE_ISSUER=NAME,
        JWT_ENCODE_AUDIENCE=NAME,
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_CSRF_CHECK_FORM=True,
        JWT_ACCESS_COOKIE_NAME=known[0],
        JWT_ACCESS_CSRF_COOKIE_NAME=twins[0],
        TOKEN_COOKIES=known,
        FORMER_COOKIES=[*known[1:], *twins[1:]],
        JWT_COOKIE_SECURE=secure,
        JWT_COOKIE_SAMESITE="Lax",
    )
    JWTManager(app)


def make(
    viewer: Viewer,
    *,
    sid: int,
    epoch: int,
    end: int,
    lasts: timedelta = ACCESS,
    csrf: str | None = None,
    fresh: int = 0,
) -> str:
    """A token for the person; `sid` is their sign-in, `end` (Unix seconds) when that one ends for good.

    `csrf` keeps the CSRF token of the token that this one renews: pages and scripts go on holding that. `fresh` is
    until when (Unix seconds) it counts that somebody has just shown who they are.
    """
    claims = {"sid": sid, "ep": epoch, "end": end, "idle": int(lasts.total_seconds()), "email": viewer.email}
    if csrf:
        claims["csrf"] = csrf
    token: str = create_access_token(
        str(viewer.id), fresh=fresh or False, expires_delta=lasts, additional_claims=claims
    )
    return token


class Verified:
    """The claims of the last `most` tokens whose signature was right, by a sum of key and token.

    No token lies in memory, and another key makes all of them unknown. Threads may share it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[bytes, dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def claims(self, token: str, key: str) -> dict[str, Any] | None:
        """What a token of ours claims, whole and signed with this key; else None."""
        summed = sha256(f"{key} {token}".encode(errors="surrogatepass")).digest()
        known = self._known.get(summed)
        if known is None and (known := _verified(token, key)) is not None:
            with self._lock:
                self._known[summed] = known
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        return known


verified = Verified(most=1000)


def read(token: str) -> dict[str, Any] | None:
    """The claims of a token that is ours, whole and not expired; else None.

    A signature that was right is so for ever. The time is asked each time; the sign-in, by whoever reads this.
    """
    for key in application().config["KEYS"]["session"]:
        if (claims := verified.claims(token, key)) is not None:
            return claims if claims["exp"] > time.time() - LEEWAY else None
    return None


def of_browser() -> tuple[str, bool]:
    """The token in the cookie of the browser, or nothing; and whether that is called after a former key."""
    cookies = asked().cookies
    for place, name in enumerate(application().config["TOKEN_COOKIES"]):
        if token := cookies.get(name):
            return token, place > 0
    return "", False


def _verified(token: str, key: str) -> dict[str, Any] | None:
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=["HS256"], audience=NAME, issuer=NAME, leeway=LEEWAY
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    whole = all(type(claims.get(name)) is kind for name, kind in CLAIMS.items())
    return claims if whole and claims["type"] == "access" else None


def put(response: Response, token: str, lasts: timedelta) -> None:
    """Give the browser the token: HttpOnly, with its readable CSRF twin."""
    set_access_cookies(response, token, max_age=int(lasts.total_seconds()))
    _drop_former(response)


def drop(response: Response) -> None:
    unset_jwt_cookies(response)
    _drop_former(response)


def _drop_former(response: Response) -> None:
    for name in application().config["FORMER_COOKIES"]:
        response.delete_cookie(name, secure=application().config["JWT_COOKIE_SECURE"], samesite="Lax")
