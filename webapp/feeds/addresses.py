"""Where the feeds of a list are: beside it, with another ending."""

from urllib.parse import urlencode

from flask import current_app, request

from webapp.feeds.schemas import FeedAddress

FORMATS = {"atom": "Atom", "ics": "Calendar", "csv": "CSV", "jsonl": "JSON Lines"}


def site() -> str:
    """Where this site is, as others reach it."""
    return current_app.config["SETTINGS"].base_url or request.host_url.rstrip("/")


def of(listed: str, secret: str) -> list[FeedAddress]:
    """The feeds of a list or of an issue, for whoever has no login but this secret."""
    path, _, query = listed.partition("?")
    formats = ["atom"] if path.rpartition("/")[2].isdecimal() else list(FORMATS)
    token = f"{query}&" if query else ""
    token += urlencode({"token": secret})
    return [FeedAddress(format=one, url=f"{site()}{path}.{one}?{token}") for one in formats]
