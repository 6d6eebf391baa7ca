"""The keys of this installation: one for each purpose, all of which follow from SECRET_KEY.

Whoever finds a token of one purpose has none of another. By keys that follow from former secrets it is only verified:
so a secret can be replaced without anybody noticing.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app


@dataclass(frozen=True, slots=True)
class Ring:
    """The key of a purpose, and those before it, the latest first."""

    present: str
    former: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        """All by which something may have been signed: most was by the first."""
        yield self.present
        yield from self.former

    def mac(self, text: str) -> bytes:
        """What only somebody with the present key can say of a text."""
        return next(self.macs(text))

    def macs(self, text: str) -> Iterator[bytes]:
        """The same by each key, the present one first: whoever verifies takes any."""
        return (hmac.digest(key.encode(), text.encode(), "sha256") for key in self)

    @property
    def oldest_first(self) -> list[str]:
        """As itsdangerous takes them: it signs by the last."""
        return [*reversed(self.former), self.present]


def ring(purpose: str, secrets: Sequence[str]) -> Ring:
    """The keys of a purpose, of the secrets that there are and were, the latest first."""
    present, *former = (_derived(purpose, secret) for secret in secrets)
    return Ring(present, tuple(former))


def ring_of_this_app(purpose: str) -> Ring:
    """The same, of the application that is at work."""
    found: Ring = current_app.config["KEYS"][purpose]
    return found


def _derived(purpose: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"cairn/{purpose}".encode(), hashlib.sha256).hexdigest()
