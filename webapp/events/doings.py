"""Events of an issue as a whole: it is opened, closed, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from webapp.events.code import named
from webapp.events.happening import Effect, News, OfIssue, Verb
from webapp.events.words import Part, Words, filled, issue
from webapp.i18n import N_, _

OPEN, CLOSED = "open", "closed"
# What is told of closing for a reason, and the same with where it was said.
_CLOSED = {
    "completed": (N_("closed this as completed"), N_("closed this as completed in %(where)s")),
    "not_planned": (N_("closed this as not planned"), N_("closed this as not planned in %(where)s")),
    "duplicate": (N_("closed this as duplicate"), N_("closed this as duplicate in %(where)s")),
}
_DUPLICATE = (
    N_("closed this as duplicate of %(issue)s"),
    N_("closed this as duplicate of %(issue)s in %(where)s"),
)


@dataclass(frozen=True, slots=True)
class Opened(OfIssue):
    kind: ClassVar[str] = "opened"
    heard: ClassVar[News | None] = News.NEW_ISSUE
    touches: ClassVar[frozenset[str]] = frozenset()
    lasting: ClassVar[str] = "An issue that was opened can be deleted."
    in_thread: ClassVar[bool] = False  # the head of the page tells it
    verb: ClassVar[Verb] = "opened"
    icon: ClassVar[str] = "open"
    colour: ClassVar[str] = "state-open"

    def effect(self) -> Effect:
        return {}

    def words(self) -> Words:
        return [Part(_("opened this"))]


@dataclass(frozen=True, slots=True)
class _Closing(OfIssue):
    is_base: ClassVar[bool] = True
    lasting: ClassVar[str] = ""
    elsewhere: ClassVar[Sequence[tuple[str, ...]]] = [("duplicate_of",), ("by",)]

    reason: str | None

    @property
    def icon(self) -> str:  # type: ignore[override]
        return "dropped" if self.reason in ("not_planned", "duplicate") else "closed"

    @property
    def colour(self) -> str:  # type: ignore[override]
        return f"state-{self.icon}"

    def _words(self, duplicate_of: str | None, cause: Part | None) -> Words:
        plain, with_cause = _CLOSED.get(self.reason or "", _CLOSED["completed"])
        parts = {"where": cause} if cause else {}
        if duplicate_of:
            plain, with_cause = _DUPLICATE
            parts["issue"] = issue(duplicate_of)
        return filled(_(with_cause if cause else plain), **parts)


@dataclass(frozen=True, slots=True)
class Closed(_Closing):
    """`by` is the key of the issue where it was said that this one is done, `code` the commit that said so."""

    kind: ClassVar[str] = "closed"
    heard: ClassVar[News | None] = News.STATE
    touches: ClassVar[frozenset[str]] = frozenset({"state", "close_reason"})
    verb: ClassVar[Verb] = "closed"

    duplicate_of: str | None = None
    by: str | None = None
    code: str | None = None
    code_url: str | None = None

    def effect(self) -> Effect:
        return {"state": CLOSED, "close_reason": self.reason}

    def inverse(self) -> Effect | None:
        return {"state": OPEN, "close_reason": None}

    def words(self) -> Words:
        if self.code:
            return self._words(self.duplicate_of, named(self.code, self.code_url, within=True))
        return self._words(self.duplicate_of, issue(self.by) if self.by else None)


@dataclass(frozen=True, slots=True)
class Reclosed(_Closing):
    """Closed for another reason than before."""

    kind: ClassVar[str] = "reclosed"
    touches: ClassVar[frozenset[str]] = frozenset({"close_reason"})

    old: str | None
    duplicate_of: str | None = None

    def effect(self) -> Effect:
        return {"close_reason": self.reason}

    def inverse(self) -> Effect | None:
        return {"close_reason": self.old}

    def words(self) -> Words:
        return self._words(self.duplicate_of, None)


@dataclass(frozen=True, slots=True)
class Reopened(OfIssue):
    """`reason` is why it had been closed."""

    kind: ClassVar[str] = "reopened"
    heard: ClassVar[News | None] = News.STATE
    touches: ClassVar[frozenset[str]] = frozenset({"state", "close_reason"})
    lasting: ClassVar[str] = ""
    verb: ClassVar[Verb] = "reopened"
    icon: ClassVar[str] = "open"
    colour: ClassVar[str] = "state-open"

    reason: str | None

    def effect(self) -> Effect:
        return {"state": OPEN, "close_reason": None}

    def inverse(self) -> Effect | None:
        return {"state": CLOSED, "close_reason": self.reason}

    def words(self) -> Words:
        return [Part(_("reopened this"))]


@dataclass(frozen=True, slots=True)
class _Removal(OfIssue):
    is_base: ClassVar[bool] = True
    touches: ClassVar[frozenset[str]] = frozenset({"deleted"})

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Deleted(_Removal):
    kind: ClassVar[str] = "deleted"
    heard: ClassVar[News | None] = None
    lasting: ClassVar[str] = ""

    def effect(self) -> Effect:
        return {"deleted": True}

    def inverse(self) -> Effect | None:
        return {"deleted": False}

    def words(self) -> Words:
        return [Part(_("deleted this"))]


@dataclass(frozen=True, slots=True)
class Restored(_Removal):
    kind: ClassVar[str] = "restored"
    heard: ClassVar[News | None] = News.STATE
    lasting: ClassVar[str] = "An issue that was restored can be deleted again."

    def effect(self) -> Effect:
        return {"deleted": False}

    def words(self) -> Words:
        return [Part(_("restored this"))]
