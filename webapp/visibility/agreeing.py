"""A page tells what a change lets others see, before it is made."""

from collections.abc import Callable, Sequence

from flask import request

from webapp.http import Form
from webapp.http.negotiation import wants_page
from webapp.visibility.rows import Reveal


def unseen(reveals: Callable[[], Sequence[Reveal]]) -> Sequence[Reveal]:
    """What a page tells before others see it, with what was typed still in its form; nothing once that is agreed to.

    A client is told by GET, if it asks, and its PATCH is done at once.
    """
    if not wants_page() or "reveal" in request.form:
        return ()
    found = reveals()
    if found:
        Form.again()
    return found
