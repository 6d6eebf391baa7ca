"""Which issues have some words: a condition that any list of issues can be narrowed by."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import false

from webapp.db import transaction
from webapp.documents import repository
from webapp.documents.asking import any_of, asked
from webapp.documents.repository import ASKED, Reach, Scope, nearest, query
from webapp.issues.models import Issue

__all__ = ["ASKED", "Reach", "Scope", "any_of", "asked", "fitting", "nearest", "query", "rewrite"]

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


@transaction
def _rewrite_some(after: int) -> tuple[int, int]:
    return repository.rewrite(after, AT_ONCE)
