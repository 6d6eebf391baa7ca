"""Where browsers are when they speak with this server."""

from urllib.parse import urlsplit

from flask import request

from webapp import config
from webapp.factors.rows import Site


def here() -> Site:
    """The public address; where none is set, as in development, the one that the request itself was sent to."""
    origin = config.of_this_app().base_url or request.host_url.rstrip("/")
    return Site(urlsplit(origin).hostname or "", origin)
