"""The JWT: made at login, read at each request.

Flask-JWT-Extended makes tokens and keeps the cookies. They are read by PyJWT itself: the extension would fill
in a missing `type`, take a token without an end, and need twice the time, with each request.
"""

from datetime import timedelta
from typing import Any

import jwt
from flask import Flask, Response, current_app
from flask_jwt_extended import JWTManager, create_access_token, set_access_cookies, unset_jwt_cookies

from webapp.access import Viewer
from webapp.config import Settings
from webapp.http.cookies import mark

ACCESS = timedelta(minutes=30)
NAME = "cairn"  # who makes the tokens, and for whom
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
    app.config.update(
        JWT_SECRET_KEY=app.config["KEYS"]["session"],
        JWT_ALGORITHM="HS256",
        JWT_ENCODE_ISSUER=NAME,
        JWT_ENCODE_AUDIENCE=NAME,
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_CSRF_CHECK_FORM=True,
        JWT_ACCESS_COOKIE_NAME=f"{host}cairn-{mark(app.config['KEYS'])}",
        JWT_ACCESS_CSRF_COOKIE_NAME=f"{host}cairn-csrf-{mark(app.config['KEYS'])}",
        JWT_COOKIE_SECURE=secure,
        JWT_COOKIE_SAMESITE="Lax",
    )
    JWTManager(app)


def make(
    viewer: Viewer, *, sid: int, epoch: int, end: int, lasts: timedelta = ACCESS, csrf: str | None = None
) -> str:
    """A token for the person; `sid` is their sign-in, `end` (Unix seconds) when that one ends for good.

    `csrf` keeps the CSRF token of the token that this one renews: pages and scripts go on holding that.
    """
    claims = {"sid": sid, "ep": epoch, "end": end, "idle": int(lasts.total_seconds()), "email": viewer.email}
    if csrf:
        claims["csrf"] = csrf
    token: str = create_access_token(str(viewer.id), expires_delta=lasts, additional_claims=claims)
    return token


def read(token: str) -> dict[str, Any] | None:
    """The claims of a token that is ours, whole and not expired; else None."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            current_app.config["JWT_SECRET_KEY"],
            algorithms=["HS256"],
            audience=NAME,
            issuer=NAME,
            leeway=10,
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    whole = all(type(claims.get(name)) is kind for name, kind in CLAIMS.items())
    return claims if whole and claims["type"] == "access" else None


def put(response: Response, token: str, lasts: timedelta) -> None:
    """Give the browser the token: HttpOnly, with its readable CSRF twin."""
    set_access_cookies(response, token, max_age=int(lasts.total_seconds()))


def drop(response: Response) -> None:
    unset_jwt_cookies(response)
