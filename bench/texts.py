"""Texts of a made-up language whose words are as common and as rare as those of a real one."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random

# The head of the distribution, as in any tracker; behind it come words made of syllables.
COMMON = """
    the to is a in and it not when of for this with error on be that page should from issue are as after file
    test user fails an can crash add button fix does data if list login or search by at open new update but
    server wrong line empty no click value build report field image set was text run date make slow api
    response request missing version token cache query memory option timeout state label upload export
    import invoice calendar avatar webhook session board filter comment email password null type window
"""
SYLLABLES = "ba be bo da de do fa fi ga ge ka ke ki la le lo ma mi mo na ne no pa pe po ra re ri sa se so ta te ti"
VOCABULARY = 20_000
SENTENCES = 20_000


class Writer:
    """Writes titles and bodies; the same for the same random numbers.

    Words follow Zipf's law (the n-th most common one is n times as rare as the first). Bodies are put together from
    ready sentences, which is fast and keeps that law, and each has a reference that no other text has.
    """

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.words = COMMON.split()
        known, syllables = set(self.words), SYLLABLES.split()
        while len(self.words) < VOCABULARY:
            word = "".join(rng.choices(syllables, k=rng.choice((2, 3, 3, 4))))
            if word not in known:
                known.add(word)
                self.words.append(word)
        self.weights = zipf(len(self.words), 2.7)
        self.sentences = [self._sentence() for _ in range(SENTENCES)]

    def title(self) -> str:
        return " ".join(self._pick(self.rng.choice((3, 4, 5, 5, 6, 7, 9)))).capitalize()

    def body(self) -> str:
        paragraphs = [" ".join(self._some(1, 4)) for _ in range(self.rng.choice((1, 1, 2, 2, 3)))]
        if self.rng.random() < 0.2:
            path = "/".join(self._pick(3))
            paragraphs.append(
                f"```\n{path}.py:{self.rng.randrange(900)}: error 0x{self.rng.getrandbits(16):04x}\n```"
            )
        paragraphs.append(f"Reference {self.rng.getrandbits(40):010x}.")
        return "\n\n".join(paragraphs)

    def comment(self) -> str:
        return " ".join(self._some(1, 5))

    def _sentence(self) -> str:
        return " ".join(self._pick(self.rng.randint(5, 14))).capitalize() + "."

    def _pick(self, number: int) -> list[str]:
        return self.rng.choices(self.words, cum_weights=self.weights, k=number)

    def _some(self, least: int, most: int) -> list[str]:
        return self.rng.choices(self.sentences, k=self.rng.randint(least, most))


def zipf(number: int, shift: float = 0.0) -> Sequence[float]:
    """Cumulated weights: the n-th of `number` things gets 1 / (n + shift)."""
    return list(accumulate(1 / (rank + shift) for rank in range(1, number + 1)))
