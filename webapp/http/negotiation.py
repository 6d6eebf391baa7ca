"""Page or JSON? The same address answers both; the Accept header decides."""

from functools import lru_cache

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header


def wants_page() -> bool:
    """Whether the request prefers text/html. `*/*` or no Accept at all means JSON."""
    return _prefers_html(request.headers.get("Accept", ""))


@lru_cache(maxsize=256)
def _prefers_html(accept: str) -> bool:
    if "text/html" not in accept:
        return False
    return parse_accept_header(accept, MIMEAccept).best_match(["application/json", "text/html"]) == "text/html"
