"""Refresh tokens: each is used up by asking for the next, and one that comes back was copied.

A token is `sid.random.mac`. The MAC says that it is ours and the sid whose it is, however long ago it was used
up: so no number of refreshes lets a copy be forgotten, and nobody ends another's sign-in with an invented one.
"""

import base64
import hmac
import logging
import secrets
from datetime import timedelta

from webapp import clock, hashing
from webapp.auth import repository
from webapp.db import transaction
from webapp.models.auth import SignIn

log = logging.getLogger("cairn.auth")

GRACE = timedelta(seconds=20)
IDLE = timedelta(hours=8)


def first(sid: int, key: str) -> str:
    """The token that a sign-in begins with."""
    return _made(sid, secrets.token_urlsafe(32), key)


def successor(token: str, key: str) -> str:
    """What a token is exchanged for. Derived from it, so that a client which asks twice gets the same one."""
    return _made(int(token.partition(".")[0]), _keyed(f"after {token}", key), key)


def rotated(token: str, key: str) -> SignIn | None:
    """The sign-in of a token, moved on to the token's successor; None for a token that is worth nothing.

    One that was used up before ends its sign-in, but for a short grace in which the answer may have been lost.
    """
    sid = _sid(token, key)
    return None if sid is None else _rotated(sid, hashing.of_token(token), hashing.of_token(successor(token, key)))


@transaction
def _rotated(sid: int, presented: bytes, following: bytes) -> SignIn | None:
    sign_in, now = repository.locked(sid), clock.now()
    if sign_in is None or sign_in.revoked_at is not None or sign_in.ends_at <= now:
        return None
    quiet = now - (sign_in.refreshed_at or sign_in.created_at)
    if sign_in.refresh_hash == presented:
        if quiet > IDLE:
            return None
        sign_in.former_hash, sign_in.refresh_hash, sign_in.refreshed_at = presented, following, now
        return sign_in
    if sign_in.former_hash == presented and quiet <= GRACE:
        return sign_in
    sign_in.revoked_at = now
    log.warning("authn_token_reuse sid=%s", sid)
    return None


def _sid(token: str, key: str) -> int | None:
    """Whose token this is; None if it is not one of ours."""
    payload, _, mac = token.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _keyed(payload, key).encode()):
        return None
    return int(payload.partition(".")[0])


def _made(sid: int, random: str, key: str) -> str:
    payload = f"{sid}.{random}"
    return f"{payload}.{_keyed(payload, key)}"


def _keyed(text: str, key: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), text.encode(), "sha256")).decode().rstrip("=")
