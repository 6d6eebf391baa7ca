"""Who else hears of each change, once for all: features register here at start, and hearing knows none of them."""

from collections.abc import Callable
from uuid import UUID

Listener = Callable[[UUID], object]

# Each is told at least once of each change, and may be told again.
listeners: list[Listener] = []


def tell(change: UUID, *first: Listener) -> None:
    """Let all hear of it, also if one of them fails. Raises what the first one that failed did."""
    failed: Exception | None = None
    for listener in (*first, *listeners):
        try:
            listener(change)
        except Exception as error:
            failed = failed or error
    if failed is not None:
        raise failed
