"""The documents of search, written anew where a migration asked for it."""

from webapp.db import transaction
from webapp.documents import repository

# So many documents are written in one statement.
AT_ONCE = 500


def rewrite() -> int:
    """Write all documents anew, some at a time; returns how many issues there are."""
    total = after = 0
    while True:
        number, after = _rewrite_some(after)
        if not number:
            return total
        total += number


def catch_up() -> int:
    """Write anew what still has the words of a former version, where a migration said so; returns how many.

    Some at a time, so that nobody waits for it; one that is stopped goes on where it was. Another server that has
    begun it does it alone.
    """
    total = 0
    while (number := _catch_up_some()) is not None:
        total += number
    return total


@transaction
def _catch_up_some() -> int | None:
    if not repository.lock_catching_up() or (after := repository.behind()) is None:
        return None
    number, after = repository.rewrite(after, AT_ONCE)
    repository.say_behind(after if number else None)
    return number


@transaction
def _rewrite_some(after: int) -> tuple[int, int]:
    return repository.rewrite(after, AT_ONCE)
