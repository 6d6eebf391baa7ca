"""The key of this room: read from the application's at start."""

from webapp.config.keys import Ring

_key: Ring | None = None


def configure(key: Ring) -> None:
    """Take what belongs here."""
    global _key
    _key = key


def key() -> Ring:
    """Raises RuntimeError before there is an application."""
    if _key is None:
        raise RuntimeError("There is no application yet.")
    return _key
