"""All kinds of events: what happens to issues, each a class of its own.

To add one, write its class beside its like. It is refused at import until it has decided all that `Happening` asks
for. Here are those that have callers besides the registry of fields.
"""

from collections.abc import Mapping
from typing import Any

from webapp.events import code, doings, fields, hiding, moving, texts
from webapp.events.code import Committed, MergeRequested
from webapp.events.doings import Closed, Deleted, Opened, Reclosed, Reopened, Restored
from webapp.events.fields import (
    Assigned,
    Described,
    Estimated,
    Labelled,
    Milestoned,
    MovedStatus,
    Noted,
    Prioritised,
    Renamed,
    Reparented,
    Scheduled,
    Started,
)
from webapp.events.happening import Difference, Effect, Happening, News, Ref, Verb
from webapp.events.hiding import Hidden
from webapp.events.moving import LeftBehind, Moved
from webapp.events.texts import (
    CommentDeleted,
    Commented,
    CommentEdited,
    CommentHidden,
    CommentRestored,
    Linked,
    Mentioned,
    Other,
    TextForgotten,
    Ticked,
    Unlinked,
)

__all__ = [
    "ASIDE", "CODE", "KINDS", "Assigned", "Closed", "CommentDeleted", "CommentEdited", "CommentHidden",
    "CommentRestored", "Commented", "Committed",
    "Deleted", "Described", "Difference", "Effect", "Estimated", "Happening", "Hidden", "Labelled", "LeftBehind",
    "Linked", "Mentioned", "MergeRequested", "Milestoned", "Moved", "MovedStatus", "News", "Noted", "Opened", "Other",
    "Prioritised", "Reclosed", "Ref", "Renamed", "Reopened", "Reparented", "Restored", "Scheduled", "Started",
    "TextForgotten", "Ticked", "Unlinked", "kinds_of", "of", "verb_of",
]  # fmt: skip

# Every kind that stands in one of these modules, in its order. What is told of an unknown one is none.
_ALL: tuple[type[Happening], ...] = tuple(
    one
    for module in (doings, moving, fields, hiding, texts, code)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Happening) and one.__module__ == module.__name__
    if not one.__dict__.get("is_base") and one is not Other
)
KINDS: Mapping[str, type[Happening]] = {one.kind: one for one in _ALL}
# What is told of code, which an issue's page gathers.
CODE = frozenset({Committed.kind, MergeRequested.kind})
# What a page tells otherwise: in its head, in a comment's card, or in the place of a deleted comment.
ASIDE = tuple(kind for kind, one in KINDS.items() if not one.in_thread)


def of(kind: str, data: Mapping[str, Any]) -> Happening:
    """An event read back from its row. One of an unknown kind is told as some change."""
    known = KINDS.get(kind)
    return known.of(data) if known else Other(kind, data)


def verb_of(kind: str) -> Verb:
    """As what it is told among somebody's deeds."""
    return KINDS.get(kind, Other).verb


def kinds_of(*fields: str) -> tuple[str, ...]:
    """The kinds of events that tell of a change of one of these fields of an issue."""
    return tuple(kind for kind, one in KINDS.items() if one.touches.intersection(fields))
