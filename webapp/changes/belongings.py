"""What issues have that is their project's own, as it is told where they go to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.events.happening import Ref
from webapp.events.moving import LeftBehind
from webapp.text.sorting import natural_key

# The most names that a sentence tells of each kind.
TOLD = 5
KINDS = ("labels", "milestones", "assignees", "statuses", "parents", "parts")


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
        words = {
            "labels": ("the label", "the labels"),
            "milestones": ("the milestone", "the milestones"),
            "assignees": ("the assignee", "the assignees"),
            "statuses": ("the status", "the statuses"),
            "parents": ("the place under", "the places under"),
            "parts": ("the sub-issue", "the sub-issues"),
        }
        phrases = [_phrase(words[kind], getattr(self, kind)) for kind in KINDS]
        return "; ".join(one for one in phrases if one)


def _things(refs: Sequence[Ref]) -> Sequence[Thing]:
    return [Thing(one.id, one.name) for one in refs if one.id is not None]


def _ordered(kind: str, refs: Iterable[Thing]) -> Sequence[Thing]:
    """Issues by their numbers, all else by name."""
    by_number = kind in ("parents", "parts")
    return sorted(refs, key=lambda one: ("", one.id) if by_number else (natural_key(one.name), one.id))


def _phrase(words: tuple[str, str], refs: Sequence[Thing]) -> str:
    if not refs:
        return ""
    more = f" and {len(refs) - TOLD:,} more" if len(refs) > TOLD else ""
    return f"{words[len(refs) > 1]} {', '.join(ref.name for ref in refs[:TOLD])}{more}"
