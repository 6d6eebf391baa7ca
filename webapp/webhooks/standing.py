"""What all hooks of this installation have in common: read from the settings at start."""

from dataclasses import dataclass

from webapp.config import Settings
from webapp.config.allowed import Allowed
from webapp.config.keys import Ring


@dataclass(frozen=True, slots=True)
class Standing:
    """The address of this site, the keys of which secrets are made, and what may be reached besides the public."""

    site: str
    keys: Ring
    allowed: Allowed


_standing: Standing | None = None


def configure(settings: Settings, keys: Ring) -> None:
    """Read the settings."""
    global _standing
    _standing = Standing(settings.address, keys, Allowed.of(settings.webhook_allowed or ()))


def standing() -> Standing:
    """Raises RuntimeError before the settings were read."""
    if _standing is None:
        raise RuntimeError("There is no application yet.")
    return _standing
