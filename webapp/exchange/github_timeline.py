"""The timeline of an issue of GitHub: who closed it is read from it, the rest of it is counted."""

from collections.abc import Iterable
from typing import Any

from webapp.exchange.github_fields import LATER
from webapp.exchange.ledger import Ledger

# A comment is imported; what a closing tells beyond who did it, the issue itself tells.
IMPORTED = ("commented", "closed")


def tell(events: Iterable[Any], ledger: Ledger) -> str | None:
    """Count what the import leaves out, by kind. Returns the login of whoever closed the issue last, if told."""
    closer = None
    for event in events:
        kind = str(event.get("event")) if isinstance(event, dict) else "unknown"
        if kind == "closed":
            closer = _login(event.get("actor"))
        elif kind == "reviewed":
            ledger.lose("reviews", LATER)
        elif kind not in IMPORTED:
            ledger.lose(f"timeline events “{kind}”", LATER)
    return closer


def tell_reviews(reviews: Any, ledger: Ledger) -> None:
    """Count the comments inside reviews; the reviews themselves are a field that is left out."""
    for review in reviews if isinstance(reviews, list) else ():
        inside = review.get("comments") if isinstance(review, dict) else None
        ledger.lose("review comments", LATER, len(inside) if isinstance(inside, list) else 0)


def _login(actor: Any) -> str | None:
    login = actor.get("login") if isinstance(actor, dict) else actor
    return login if isinstance(login, str) else None
