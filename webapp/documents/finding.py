"""Which issues have some words: a condition that narrows any list of issues, and what a search is made of."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import false

from webapp.documents import repository
from webapp.documents.asking import any_of, asked
from webapp.documents.steps import ASKED, Reach, Scope, nearest, query

__all__ = ["ASKED", "Reach", "Scope", "any_of", "asked", "fitting", "nearest", "query"]

# Up to so many issues are named one by one.
FEW = 1000


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
    ids, number, step = repository.probed(text, projects, FEW + 1)
    if number <= FEW:
        return repository.written(ids)
    return repository.common(text) if step < 2 else repository.gathered(text, projects)
