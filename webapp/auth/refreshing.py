"""Refresh tokens: each is used up by asking for the next, and one that comes back was copied.

A token is `sid.random.mac`. The MAC says that it is ours and the sid whose it is, however long ago it was used
up: so no number of refreshes lets a copy be forgotten, and nobody ends another's sign-in with an invented one.
"""

import base64
import hmac
import secrets
from datetime import timedelta

from webapp import clock, hashing
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import repository
from webapp.config.keys import Ring
from webapp.db import transaction
from webapp.models.auth import SignIn

GRACE = timedelta(seconds=20)
IDLE = timedelta(hours=8)


def first(sid: int, keys: Ring) -> str:
    """The token that a sign-in begins with."""
    return _made(sid, secrets.token_urlsafe(32), keys)


def successor(token: str, keys: Ring) -> str:
    """What a token is exchanged for. Derived from it, so that a client which asks twice gets the same one."""
    return _made(int(token.partition(".")[0]), _written(keys.mac(f"after {token}")), keys)


def rotated(token: str, keys: Ring) -> SignIn | None:
    """The sign-in of a token, moved on to the token's successor; None for a token that is worth nothing.

    One that was used up before ends its sign-in, but for a short grace in which the answer may have been lost.
    """
    sid = _sid(token, keys)
    return None if sid is None else _rotated(sid, hashing.of_token(token), hashing.of_token(successor(token, keys)))


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
    if user := repository.user(sign_in.user_id):
        audit.note(Kind.TOKEN_REUSE, target=audit.person(user), sid=sid, refused=True)
    return None


def _sid(token: str, keys: Ring) -> int | None:
    """Whose token this is; None if it is not one of ours."""
    payload, _, mac = token.rpartition(".")
    if not any(hmac.compare_digest(mac.encode(), _written(own).encode()) for own in keys.macs(payload)):
        return None
    return int(payload.partition(".")[0])


def _made(sid: int, random: str, keys: Ring) -> str:
    payload = f"{sid}.{random}"
    return f"{payload}.{_written(keys.mac(payload))}"


def _written(mac: bytes) -> str:
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
