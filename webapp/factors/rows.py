"""What somebody has to show at a login beside their password, as they see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Purpose(StrEnum):
    """What a passkey is asked for."""

    ADD = "add"  # to be one of somebody's
    LOGIN = "login"  # to log in with it alone
    FACTOR = "factor"  # after the password
    CONFIRM = "confirm"  # to show again who somebody is


@dataclass(frozen=True, slots=True)
class AuthenticatorRow:
    """An app that shows codes."""

    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey, by the name that its owner gave it."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """All that somebody has. `codes_left` counts the recovery codes that were not used yet."""

    authenticator: AuthenticatorRow | None
    passkeys: list[PasskeyRow]
    codes_left: int


@dataclass(frozen=True, slots=True)
class Site:
    """Where browsers are, as a passkey is bound to it: the host's name, and the origin that they tell."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser answers to a challenge: `credential` as navigator.credentials tells it, `token` that of the
    challenge.
    """

    credential: Mapping[str, Any]
    token: str
