"""Taking back what happened: what an issue's fields have to become, and when it is too late for that."""

from collections.abc import Collection, Iterable

from webapp.events.happening import Effect, Happening
from webapp.events.kinds import KINDS

# Whoever changed one of these since has changed what would be taken back, as each of them follows from the others.
_STATE = frozenset({"state", "close_reason", "resolution_note", "status"})
# To these things come and from these they go; what others added meanwhile stays.
_SETS = frozenset({"labels", "assignees"})


def of(happened: Iterable[Happening]) -> Effect | None:
    """What takes all of these back; None if one of them cannot be."""
    effect: dict[str, object] = {}
    for one in happened:
        back = one.inverse()
        if back is None:
            return None
        effect |= back
    return effect


def is_overtaken(kinds: Collection[str], since: Collection[str]) -> bool:
    """Whether events of these kinds can no longer be taken back, as others have happened since.

    Statuses, milestones and numbers of before a move mean nothing, or something else, in the other project.
    """
    fields = _fields(kinds) - _SETS
    if fields & _STATE:
        fields |= _STATE
    return bool(_fields(since) & (fields | {"project"}))


def _fields(kinds: Collection[str]) -> frozenset[str]:
    return frozenset().union(*(KINDS[kind].touches for kind in kinds if kind in KINDS))
