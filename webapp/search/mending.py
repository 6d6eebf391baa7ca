"""Words that nothing has, taken for slips of the fingers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from webapp.documents.asking import any_of
from webapp.search import repository, slips

# So many words of a search may be slips.
MOST = 4
# Among so many of the newest issues that have what may have been meant, the commonest of it is.
SAMPLE = 30
# So many words are asked for in one question: the index prepares for a question by trying each word against all
# others, which for the seven hundred that a long word may have meant takes it ten times as long.
AT_ONCE = 50


def instead_of(words: Sequence[str], seen: Sequence[int], *, are_phrases: bool = False) -> dict[str, str]:
    """For words that nothing in these projects has, those one slip away that something has: one word was a slip, or
    else several. Words of phrases may be there, and only not side by side: then none was.
    """
    each = dict.fromkeys(words)
    near = _first_near(each)
    if not near:
        return {}
    if are_phrases and repository.lexemes([_all_of(each)], list(each), seen, SAMPLE):
        return {}
    known = _known(list(each), near, seen)
    lost = [word for word in near if word not in known]
    return {word: best for word in lost if (best := _commonest(near[word], known))}


def _known(words: Sequence[str], near: Mapping[str, Sequence[str]], seen: Sequence[int]) -> Mapping[str, int]:
    """Of these words, and of those near to them, the ones that stand together somewhere, and in how many issues."""
    candidates = [one for word, others in near.items() for one in (word, *others)]
    known = repository.lexemes(_with_one_slip(words, near), candidates, seen, SAMPLE)
    if known or len(near) == 1:
        return known
    text = " & ".join(f"({any_of([word, *near.get(word, ())])})" for word in words)
    return repository.lexemes([text], candidates, seen, SAMPLE)


def _all_of(words: Iterable[str]) -> str:
    """A question for what has all of these words, wherever in it."""
    return " & ".join(f"({any_of([word])})" for word in words)


def _first_near(words: Iterable[str]) -> dict[str, list[str]]:
    """What is one slip away from the first few of these words that can be slips at all."""
    return dict(islice(((word, others) for word in words if (others := slips.near(word))), MOST))


def _with_one_slip(words: Collection[str], near: Mapping[str, Sequence[str]]) -> list[str]:
    """Questions for all of these words but one, and for a few that may be meant by that one."""
    return [
        " & ".join([f"({any_of(others[at : at + AT_ONCE])})", *(any_of([one]) for one in words if one != word)])
        for word, others in near.items() for at in range(0, len(others), AT_ONCE)
    ]  # fmt: skip


def _commonest(words: Sequence[str], known: Mapping[str, int]) -> str | None:
    return max((one for one in words if one in known), key=lambda one: (known[one], one), default=None)
