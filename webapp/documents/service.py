"""Which issues have some words: a condition that any list of issues can be narrowed by."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import false

from webapp.db import transaction
from webapp.documents import repository
from webapp.documents.asking import any_of, asked
from webapp.documents.repository import ASKED, Reach, Scope, nearest, query
from webapp.models.issues import Issue

__all__ = ["ASKED", "Reach", "Scope", "any_of", "asked", "catch_up", "fitting", "nearest", "query", "rewrite"]

# Up to so many issues are named one by one.
FEW = 1000
# So many documents are written in one statement.
AT_ONCE = 500


def fitting(words: Sequence[str], projects: Sequence[int] | None) -> Any:
    """A condition on Issue: every one of the words is in its number, title, text, labels or comments.

    A word with blanks in it is a phrase, a last `*` stands for any ending. Words without a letter or digit say
    nothing; if there are no others, nothing fits. `projects` are the ids of those that are asked about, None for
    all. This looks once how many there are: few are named; many are found again by the index, or, where every
    list meets enough of them on its way, asked for one by one.
    """
    text = asked(words)
    if not text or (projects is not None and not projects):
        return false()
    rows = repository.probed(text, projects, FEW + 1)
    if len(rows) <= FEW:
        return Issue.id.in_([id for id, _ in rows])
    return repository.common(text) if rows[-1][1] < 2 else repository.gathered(text, projects)


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
