"""Signatures as the Standard Webhooks specification has them: of the id, the time and the body, under a secret."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from webapp import clock
from webapp.webhooks.standing import standing

SALT = 24
BEFORE = "whsec_"
# So many seconds the clocks of two machines may differ, with the way between them.
PATIENCE = 300
# As long as the former secret holds beside the new one.
OVERLAP = timedelta(hours=24)
# Whoever presses a button twice is told the same secret twice: of another one nobody would know which is shown.
AGAIN = timedelta(minutes=1)


class Headers(Protocol):
    """Headers of a request, whatever the case of their names."""

    def get(self, key: str, default: str, /) -> str:
        """One of them."""
        ...


class Keyed(Protocol):
    """What has a secret, and perhaps a former one that still holds."""

    @property
    def created_at(self) -> datetime:
        """When it was made, with its first secret."""
        ...

    @property
    def former_until(self) -> datetime | None:
        """Until when the former secret holds."""
        ...


def is_just_made(one: Keyed) -> bool:
    """Whether its first secret was told so lately that who asks for one like it has sent the form twice."""
    return one.former_until is None and clock.now() < one.created_at + AGAIN


def is_just_rotated(one: Keyed) -> bool:
    """Whether its secret was told so lately that who asks for another has pressed twice."""
    return one.former_until is not None and clock.now() < one.former_until - OVERLAP + AGAIN


def new_salt() -> bytes:
    """What another secret is made of."""
    return secrets.token_bytes(SALT)


def secret_of(salt: bytes) -> str:
    """The secret, as whoever verifies takes it. Without this installation's key, its salt tells nothing of it."""
    return secrets_of(salt)[0]


def secrets_of(salt: bytes) -> list[str]:
    """The same, and what it was under former keys of this installation: whoever was told that one knows no other."""
    return [f"{BEFORE}{b64encode(key).decode()}" for key in _keys(salt)]


def signed(message_id: str, at: datetime, body: bytes, salts: Sequence[bytes]) -> dict[str, str]:
    """The headers that tell whoever has one of the secrets that this is ours, and of now."""
    moment = str(int(at.timestamp()))
    signature = " ".join(_signature(key, message_id, moment, body) for salt in salts for key in _keys(salt))
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": signature}


def is_signed(headers: Headers, body: bytes, secret: str) -> bool:
    """Whether these headers say that whoever has the secret sent this, and just now."""
    moment = headers.get("webhook-timestamp", "")
    if not moment.isascii() or not moment.isdigit() or len(moment) > 12:
        return False
    if abs(clock.now().timestamp() - int(moment)) > PATIENCE:
        return False
    key = b64decode(secret.removeprefix(BEFORE))
    expected = _signature(key, headers.get("webhook-id", ""), moment, body).encode()
    sent = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(errors="replace"), expected) for one in sent)


def _signature(key: bytes, message_id: str, moment: str, body: bytes) -> str:
    said = b".".join((message_id.encode(), moment.encode(), body))
    return f"v1,{b64encode(hmac.new(key, said, sha256).digest()).decode()}"


def _keys(salt: bytes) -> list[bytes]:
    return [hmac.digest(key.encode(), salt, "sha256") for key in standing().keys]
