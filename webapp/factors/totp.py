"""Codes that change every half minute (TOTP, RFC 6238): SHA-1 and six digits, as all apps have them."""

import hmac
from datetime import datetime

STEP = 30  # seconds
DIGITS = 6


def secret() -> str:
    """A new secret of 160 bits, as apps take it."""
    from pyotp import random_base32  # only here, as in the others: few processes ever need it

    return random_base32()


def address(secret: str, account: str, issuer: str) -> str:
    """What the picture says that an app reads."""
    from pyotp import TOTP

    return TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_of(code: str, secret: str, now: datetime) -> int | None:
    """The half minute that a code belongs to: this one, or the one before, in which it may have been read.

    None for a code of neither.
    """
    from pyotp import TOTP

    if not is_like_one(code):
        return None
    step = int(now.timestamp()) // STEP
    codes = TOTP(secret)
    return next((one for one in (step, step - 1) if hmac.compare_digest(codes.generate_otp(one), code)), None)


def is_like_one(typed: str) -> bool:
    """Whether what was typed looks like such a code."""
    return len(typed) == DIGITS and typed.isascii() and typed.isdigit()
