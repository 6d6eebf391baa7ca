"""Browsers that somebody has logged in with before.

Whoever fails on an account on purpose makes everybody wait who tries to log in to it; its owner, whose browser
shows that it was logged in before, is counted apart. The cookie is no login: the password is asked for all the same.
"""

import secrets
from typing import Any

from flask import Flask, Response, current_app, g
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.config.keys import Ring
from webapp.http.cookies import carried, cookie, put_cookie

COOKIE = "cairn-device"
LASTS = 365 * 86_400  # seconds


def known(email: str) -> str | None:
    """This browser's own number, if the account of this address was the last that it was logged in to."""
    number, account = _remembered()
    return number if account in _accounts(email) else None


def is_of_another(email: str) -> bool:
    """Whether the last account that this browser was logged in to is not the one of this address."""
    _, account = _remembered()
    return account not in (None, *_accounts(email))


def remember(email: str) -> None:
    """Know this browser again at the next login to the account of this address."""
    g.device = [known(email) or secrets.token_urlsafe(12), _accounts(email)[0]]


def carry(response: Response) -> Response:
    if device := g.get("device"):
        put_cookie(response, COOKIE, str(_signer().dumps(device)), LASTS)
    return response


def init_app(app: Flask) -> None:
    carried(app, carry, "device")


def _remembered() -> tuple[str | None, str | None]:
    """The browser's number and its last account, if it has a cookie that is ours."""
    try:
        values: Any = _signer().loads(cookie(COOKIE) or "", max_age=LASTS)
    except BadSignature:
        return None, None
    number, account = values
    return str(number), str(account)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_keys().oldest_first, salt="device")


def _accounts(email: str) -> list[str]:
    """The address, unreadable to whoever reads the cookie: as it is written now, then as it was under former keys."""
    return [mac.hex()[:32] for mac in _keys().macs(email.casefold())]


def _keys() -> Ring:
    keys: Ring = current_app.config["KEYS"]["device"]
    return keys
