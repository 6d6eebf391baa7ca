"""Secrets that have to be read again, encrypted (AES-256-GCM).

What one is about is sealed in with it: moved to another row, or to another purpose, it does not open.
"""

import base64
import binascii
import secrets
from collections.abc import Sequence

from webapp import clock

NONCE = 12  # bytes, as GCM has it


def seal(secret: str, about: str, keys: Sequence[bytes]) -> bytes:
    """The secret, for who has the first key, and knows what it is about."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # only here: 7 MB, for what few processes ever do

    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(keys[0]).encrypt(nonce, secret.encode(), about.encode())


def opened(sealed: bytes, about: str, keys: Sequence[bytes]) -> str | None:
    """The secret; None if it was sealed with none of the keys, for something else, or by somebody else."""
    return next((secret for key in keys if (secret := _opened(sealed, about, key)) is not None), None)


def _opened(sealed: bytes, about: str, key: bytes) -> str | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def token(secret: str, about: str, keys: Sequence[bytes]) -> str:
    """The same as text that goes through a page, and holds for a while."""
    return base64.urlsafe_b64encode(seal(f"{_now()}:{secret}", about, keys)).decode()


def of_token(token: str, about: str, keys: Sequence[bytes], *, lasts: int) -> str | None:
    """The secret of such a text, if it is no older than `lasts` (seconds)."""
    try:
        told = opened(base64.urlsafe_b64decode(token.encode()), about, keys)
    except (binascii.Error, ValueError):
        return None
    made, _, secret = (told or "0:").partition(":")
    return secret if int(made) > _now() - lasts else None


def _now() -> int:
    return int(clock.now().timestamp())
