"""Signatures as the Standard Webhooks specification has them: of the id, the time and the body, under a secret."""

import hmac
import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from webapp.webhooks.standing import standing

SALT = 24


def new_salt() -> bytes:
    """What another secret is made of."""
    return secrets.token_bytes(SALT)


def secret_of(salt: bytes) -> str:
    """The secret, as whoever verifies takes it. Without this installation's key, its salt tells nothing of it."""
    return f"whsec_{b64encode(_key(salt)).decode()}"


def signed(message_id: str, at: datetime, body: bytes, salts: Sequence[bytes]) -> dict[str, str]:
    """The headers that tell whoever has one of the secrets that this is ours, and of now."""
    moment = str(int(at.timestamp()))
    said = b".".join((message_id.encode(), moment.encode(), body))
    each = (b64encode(hmac.new(_key(salt), said, sha256).digest()).decode() for salt in salts)
    signature = " ".join(f"v1,{one}" for one in each)
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": signature}


def _key(salt: bytes) -> bytes:
    return hmac.new(standing().key, salt, sha256).digest()
