"""Challenges that passkeys answer: 256 random bits, for one purpose and person, for five minutes, and once.

That one is ours, its signature says, so that asking for one writes nothing. That it was used, a row says, which all
processes see.
"""

import base64
import secrets
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from webapp import hashing
from webapp.db import transaction
from webapp.factors import repository
from webapp.factors.keys import keys
from webapp.factors.rows import Purpose

LASTS = timedelta(minutes=5)
KEPT = LASTS * 2  # beyond doubt about the clocks of several hosts


def made(purpose: Purpose, user_id: int | None) -> tuple[bytes, str]:
    """A new challenge, and the token by which it is known again."""
    challenge = secrets.token_bytes(32)
    text = base64.urlsafe_b64encode(challenge).decode()
    return challenge, str(_signer(purpose).dumps([text, user_id]))


def use(purpose: Purpose, user_id: int | None, token: str) -> bytes | None:
    """The challenge of a token, which is used up by that, in the transaction at hand; None for one of no worth."""
    try:
        text, whose = _signer(purpose).loads(token, max_age=int(LASTS.total_seconds()))
    except BadData:
        return None
    if whose != user_id or not repository.use_challenge(hashing.of_token(text), KEPT):
        return None
    return base64.urlsafe_b64decode(text)


@transaction
def use_once(text: str) -> bool:
    """Whether nobody used this before, for twice as long as a challenge lasts. It is used from now on."""
    return repository.use_challenge(hashing.of_token(text), KEPT)


def _signer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys().challenge.oldest_first, salt=f"challenge {purpose}")
