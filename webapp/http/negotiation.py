"""Page or JSON? The same address answers both; the Accept header decides."""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from webapp.http.application import asked


def wants_page() -> bool:
    """Whether the request prefers text/html. `*/*` or no Accept at all means JSON."""
    return _prefers_html(asked().environ.get("HTTP_ACCEPT", ""))


def referrer() -> SplitResult | None:
    """The page of ours that the request came from, where the browser tells. Hosts are the same in any case."""
    sent = asked()
    if not (said := sent.environ.get("HTTP_REFERER")):
        return None
    try:
        came = urlsplit(said)
    except ValueError:  # no address, as a program may send it
        return None
    return came if came.netloc.lower() == sent.host.lower() else None


def wanted_of(types: Sequence[str]) -> str | None:
    """Which of these other media types the request prefers to both; None for one that does not."""
    return _preferred(asked().environ.get("HTTP_ACCEPT", ""), tuple(types))


@lru_cache(maxsize=256)
def _preferred(accept: str, types: tuple[str, ...]) -> str | None:
    if not any(one in accept for one in types):
        return None
    found = parse_accept_header(accept, MIMEAccept).best_match(["application/json", "text/html", *types])
    return found if found in types else None


@lru_cache(maxsize=256)
def _prefers_html(accept: str) -> bool:
    if "text/html" not in accept:
        return False
    return parse_accept_header(accept, MIMEAccept).best_match(["application/json", "text/html"]) == "text/html"
