"""What is read of reactions, and what each of them is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.accounts.rows import Person
from webapp.i18n import N_, _, ngettext, npgettext
from webapp.i18n.formats import listed
from webapp.models.reactions import Feeling

# How each is drawn.
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
# The same where they are read out: behind how many feel so, and alone.
CALLED = {
    Feeling.UP: (N_("thumbs up"), N_("Thumbs up")),
    Feeling.DOWN: (N_("thumbs down"), N_("Thumbs down")),
    Feeling.LAUGH: (N_("laugh"), N_("Laugh")),
    Feeling.HOORAY: (N_("hooray"), N_("Hooray")),
    Feeling.CONFUSED: (N_("confused"), N_("Confused")),
    Feeling.HEART: (N_("heart"), N_("Heart")),
    Feeling.ROCKET: (N_("rocket"), N_("Rocket")),
    Feeling.EYES: (N_("eyes"), N_("Eyes")),
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
        within, alone = CALLED[self.feeling]
        if not self.count:
            return _(alone)
        if self.mine:
            return ngettext(
                "%(num)s person: %(feeling)s, you too",
                "%(num)s people: %(feeling)s, you too",
                self.count,
                feeling=_(within),
            )
        return ngettext("%(num)s person: %(feeling)s", "%(num)s people: %(feeling)s", self.count, feeling=_(within))

    @property
    def named(self) -> str:
        """Who they are, the first few by name."""
        names = [one.name for one in self.people[:TIPPED]]
        left = self.count - len(names)
        more = [npgettext("people", "%(num)s more", "%(num)s more", left)] if left > 0 else []
        return listed([*names, *more])


# What is felt about an issue, under None, and about its comments, under their ids: each feeling that there is.
Felt = dict[int | None, Sequence[Reacted]]


def each(felt: Sequence[Reacted]) -> Sequence[Reacted]:
    """The same with those that nobody has chosen yet: all that can be."""
    known = {one.feeling: one for one in felt}
    return [known.get(feeling) or Reacted(feeling) for feeling in Feeling]
