"""What issues have that is their project's own, as it is told where they go to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.events.happening import Ref
from webapp.events.moving import LeftBehind
from webapp.i18n import N_, _, formats, ngettext, pgettext
from webapp.text.sorting import natural_key

# The most names that a sentence tells of each kind.
TOLD = 5
KINDS = ("labels", "milestones", "assignees", "statuses", "parents", "parts")
# What one of them is called, and several are.
_WORDS = {
    "labels": (N_("the label %(names)s"), N_("the labels %(names)s")),
    "milestones": (N_("the milestone %(names)s"), N_("the milestones %(names)s")),
    "assignees": (N_("the assignee %(names)s"), N_("the assignees %(names)s")),
    "statuses": (N_("the status %(names)s"), N_("the statuses %(names)s")),
    "parents": (N_("the place under %(names)s"), N_("the places under %(names)s")),
    "parts": (N_("the sub-issue %(names)s"), N_("the sub-issues %(names)s")),
}


@dataclass(frozen=True, slots=True)
class Thing(Ref):
    """Something, by its id and what it is called. An issue goes by its number."""

    id: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """What an issue has, or several together, that is its project's own: all of it, or what of it is left behind."""

    labels: Sequence[Thing] = ()
    milestones: Sequence[Thing] = ()
    assignees: Sequence[Thing] = ()
    statuses: Sequence[Thing] = ()
    parents: Sequence[Thing] = ()
    parts: Sequence[Thing] = ()
    rank: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, kind) for kind in KINDS)

    def behind(self) -> LeftBehind:
        """That of one issue, as its event tells it."""
        single = (next(iter(refs), None) for refs in (self.milestones, self.parents, self.statuses))
        return LeftBehind(self.labels, self.assignees, self.parts, *single)

    @classmethod
    def of(cls, left: LeftBehind) -> "Belongings":
        """The same read back."""
        single = ([one] if one else [] for one in (left.milestone, left.status, left.parent))
        milestones, statuses, parents = map(_things, single)
        return cls(_things(left.labels), milestones, _things(left.assignees), statuses, parents, _things(left.parts))

    @classmethod
    def together(cls, all_: Iterable["Belongings"]) -> "Belongings":
        """What several issues have, each once and in order."""
        things: dict[str, dict[Thing, None]] = {kind: {} for kind in KINDS}
        for belongings in all_:
            for name, refs in things.items():
                refs.update(dict.fromkeys(getattr(belongings, name)))
        labels, milestones, assignees, states, parents, parts = (_ordered(kind, things[kind]) for kind in KINDS)
        return cls(labels, milestones, assignees, states, parents, parts)

    def in_words(self) -> str:
        """The same in words; nothing for nothing."""
        phrases = [_phrase(kind, getattr(self, kind)) for kind in KINDS]
        return pgettext("list", "; ").join(one for one in phrases if one)


def _things(refs: Sequence[Ref]) -> Sequence[Thing]:
    return [Thing(one.id, one.name) for one in refs if one.id is not None]


def _ordered(kind: str, refs: Iterable[Thing]) -> Sequence[Thing]:
    """Issues by their numbers, all else by name."""
    by_number = kind in ("parents", "parts")
    return sorted(refs, key=lambda one: ("", one.id) if by_number else (natural_key(one.name), one.id))


def _phrase(kind: str, refs: Sequence[Thing]) -> str:
    if not refs:
        return ""
    names = formats.gap().join(ref.name for ref in refs[:TOLD])
    if len(refs) > TOLD:
        more = len(refs) - TOLD
        names = ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=names)
    return _(_WORDS[kind][len(refs) > 1], names=names)
