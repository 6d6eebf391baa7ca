"""What is read of reactions, and what each of them is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.accounts.rows import Person
from webapp.models.reactions import Feeling

# How each is drawn, and what it is called where it is read out.
EMOJI = {
    Feeling.UP: "👍",
    Feeling.DOWN: "👎",
    Feeling.LAUGH: "😄",
    Feeling.HOORAY: "🎉",
    Feeling.CONFUSED: "😕",
    Feeling.HEART: "❤️",
    Feeling.ROCKET: "🚀",
    Feeling.EYES: "👀",
}
CALLED = {
    Feeling.UP: "thumbs up",
    Feeling.DOWN: "thumbs down",
    Feeling.LAUGH: "laugh",
    Feeling.HOORAY: "hooray",
    Feeling.CONFUSED: "confused",
    Feeling.HEART: "heart",
    Feeling.ROCKET: "rocket",
    Feeling.EYES: "eyes",
}
# So many are named in a tip; the rest are counted.
TIPPED = 10


@dataclass(frozen=True, slots=True)
class Reacted:
    """Those who react to something in one way: how many, whether whoever looks is one, and the first of them."""

    feeling: Feeling
    count: int = 0
    mine: bool = False
    people: Sequence[Person] = ()

    @property
    def name(self) -> str:
        return self.feeling.value

    @property
    def emoji(self) -> str:
        return EMOJI[self.feeling]

    @property
    def called(self) -> str:
        """What a button for it is called, aloud."""
        if not self.count:
            return CALLED[self.feeling].capitalize()
        people = "1 person" if self.count == 1 else f"{self.count:,} people"
        return f"{people}: {CALLED[self.feeling]}{', you too' if self.mine else ''}"

    @property
    def named(self) -> str:
        """Who they are, the first few by name."""
        names = [one.name for one in self.people[:TIPPED]]
        more = [f"{self.count - len(names):,} more"] if self.count > len(names) else []
        *first, last = [*names, *more] or [""]
        return f"{', '.join(first)} and {last}" if first else last


# What is felt about an issue, under None, and about its comments, under their ids: each feeling that there is.
Felt = dict[int | None, Sequence[Reacted]]


def each(felt: Sequence[Reacted]) -> Sequence[Reacted]:
    """The same with those that nobody has chosen yet: all that can be."""
    known = {one.feeling: one for one in felt}
    return [known.get(feeling) or Reacted(feeling) for feeling in Feeling]
