"""Events of a field that was changed, from one value to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, Self, TypeVar

from webapp.events.happening import Data, Difference, Effect, Erased, News, OfIssue, Ref
from webapp.events.words import Part, Words, between, day, difference, filled, issue, listed, name
from webapp.i18n import N_, _, pgettext

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Changed(OfIssue, Generic[V]):
    """One field from an old value to a new one."""

    is_base: ClassVar[bool] = True
    lasting: ClassVar[str] = ""

    old: V
    new: V

    @classmethod
    def field(cls) -> str:
        """The field that it tells of."""
        (one,) = cls.touches
        return one

    def effect(self) -> Effect:
        return {self.field(): self.new}

    def inverse(self) -> Effect | None:
        return {self.field(): self.old}


@dataclass(frozen=True, slots=True)
class Renamed(Changed[str]):
    kind: ClassVar[str] = "renamed"
    touches: ClassVar[frozenset[str]] = frozenset({"title"})

    def words(self) -> Words:
        return filled(
            _("changed the title from %(old)s to %(new)s"), old=Part(self.old, "old"), new=Part(self.new, "new")
        )


@dataclass(frozen=True, slots=True)
class Described(OfIssue):
    """Another description: only how long the texts are, and the version of the issue whose text is kept."""

    kind: ClassVar[str] = "described"
    touches: ClassVar[frozenset[str]] = frozenset({"body"})
    lasting: ClassVar[str] = "The former description is in its history, from where it can be taken."

    old: int
    new: int
    version: int

    def effect(self) -> Effect:
        return {}

    def words(self) -> Words:
        return filled(_("changed %(what)s"), what=Part(_("the description"), "link", "history"))

    def link(self) -> str:
        return "history"


@dataclass(frozen=True, slots=True)
class Prioritised(Changed[str]):
    kind: ClassVar[str] = "prioritised"
    touches: ClassVar[frozenset[str]] = frozenset({"priority"})

    def words(self) -> Words:
        return [Part(_("set the priority from %(old)s to %(new)s", old=_priority(self.old), new=_priority(self.new)))]


@dataclass(frozen=True, slots=True)
class Estimated(Changed[int | None]):
    kind: ClassVar[str] = "estimated"
    touches: ClassVar[frozenset[str]] = frozenset({"estimate"})

    def words(self) -> Words:
        return [
            Part(
                _("took away the estimate")
                if self.new is None
                else _("set the estimate to %(number)s", number=self.new)
            )
        ]


@dataclass(frozen=True, slots=True)
class Noted(Changed[str | None]):
    """How an issue was resolved, in a line that is a part of it like its title. An open one has none."""

    kind: ClassVar[str] = "noted"
    touches: ClassVar[frozenset[str]] = frozenset({"resolution_note"})

    def words(self) -> Words:
        if self.new is None:
            return [Part(_("took away the resolution note"))]
        return filled(_("noted as its resolution %(note)s"), note=Part(self.new, "new"))


@dataclass(frozen=True, slots=True)
class _Dated(Changed[date | None]):
    is_base: ClassVar[bool] = True
    taken: ClassVar[str]
    given: ClassVar[str]
    icon: ClassVar[str] = "calendar"

    @classmethod
    def of(cls, data: Data) -> Self:
        return cls(*(one and date.fromisoformat(one) for one in (data.get("old"), data.get("new"))))

    def words(self) -> Words:
        if self.new is None:
            return [Part(_(self.taken))]
        return filled(_(self.given), day=day(self.new))


@dataclass(frozen=True, slots=True)
class Started(_Dated):
    kind: ClassVar[str] = "started"
    touches: ClassVar[frozenset[str]] = frozenset({"start_on"})
    taken: ClassVar[str] = N_("took away the start date")
    given: ClassVar[str] = N_("set the start date to %(day)s")


@dataclass(frozen=True, slots=True)
class Scheduled(_Dated):
    kind: ClassVar[str] = "scheduled"
    touches: ClassVar[frozenset[str]] = frozenset({"due_on"})
    taken: ClassVar[str] = N_("took away the due date")
    given: ClassVar[str] = N_("set the due date to %(day)s")


@dataclass(frozen=True, slots=True)
class Pointed(OfIssue):
    """A field that names one other thing, told by its name and its id."""

    is_base: ClassVar[bool] = True
    lasting: ClassVar[str] = ""

    old: str | None
    new: str | None
    old_id: int | None
    new_id: int | None

    def effect(self) -> Effect:
        (field,) = self.touches
        return {field: Ref.maybe(self.new_id, self.new)}

    def inverse(self) -> Effect | None:
        if self.old is not None and self.old_id is None:
            return None
        (field,) = self.touches
        return {field: Ref.maybe(self.old_id, self.old)}


@dataclass(frozen=True, slots=True)
class MovedStatus(Pointed):
    kind: ClassVar[str] = "moved_status"
    heard: ClassVar[News | None] = News.STATE
    touches: ClassVar[frozenset[str]] = frozenset({"status"})

    def words(self) -> Words:
        return between(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Milestoned(Pointed):
    kind: ClassVar[str] = "milestoned"
    touches: ClassVar[frozenset[str]] = frozenset({"milestone"})

    def words(self) -> Words:
        if self.new:
            return filled(_("set the milestone to %(name)s"), name=name(self.new))
        return filled(_("took this out of the milestone %(name)s"), name=name(self.old or ""))


@dataclass(frozen=True, slots=True)
class Reparented(OfIssue):
    """Part of another issue, which is told by its key and its number: it is of the same project."""

    kind: ClassVar[str] = "reparented"
    touches: ClassVar[frozenset[str]] = frozenset({"parent"})
    lasting: ClassVar[str] = ""
    elsewhere: ClassVar[Sequence[tuple[str, ...]]] = [("old",), ("new",), ("old_number",), ("new_number",)]

    old: str | None
    new: str | None
    old_number: int | None
    new_number: int | None

    def effect(self) -> Effect:
        return {"parent": Ref.maybe(self.new_number, self.new)}

    def inverse(self) -> Effect | None:
        return {"parent": Ref.maybe(self.old_number, self.old)} if self.old or self.new else None

    def words(self) -> Words:
        if not self.old and not self.new:
            return [Part(_("changed of what this is a part"))]
        if self.new:
            return filled(_("made this a part of %(issue)s"), issue=issue(self.new))
        return filled(_("took this out of %(issue)s"), issue=issue(self.old))


@dataclass(frozen=True, slots=True)
class _Sets(OfIssue):
    """A field of many things: what came and what went, by their names and their ids."""

    is_base: ClassVar[bool] = True
    lasting: ClassVar[str] = ""

    added: Sequence[str]
    removed: Sequence[str]
    added_ids: Sequence[int | None]
    removed_ids: Sequence[int | None]

    @classmethod
    def of(cls, data: Data) -> Self:
        added, removed = data.get("added") or (), data.get("removed") or ()
        return cls(added, removed, _ids(data, "added_ids", added), _ids(data, "removed_ids", removed))

    @classmethod
    def of_ids(cls, added: Sequence[int], removed: Sequence[int], names: Mapping[int, str]) -> Self:
        """What came and what went by their ids, named as they are called now."""
        return cls([names[id] for id in added], [names[id] for id in removed], list(added), list(removed))

    @property
    def difference(self) -> Difference:
        """What came and what went, as things."""
        return Difference(
            [Ref(id, one) for id, one in zip(self.added_ids, self.added, strict=True)],
            [Ref(id, one) for id, one in zip(self.removed_ids, self.removed, strict=True)],
        )

    def effect(self) -> Effect:
        (field,) = self.touches
        return {field: self.difference}

    def inverse(self) -> Effect | None:
        if None in (*self.added_ids, *self.removed_ids):
            return None
        (field,) = self.touches
        return {field: self.difference.turned}


@dataclass(frozen=True, slots=True)
class Labelled(_Sets):
    kind: ClassVar[str] = "labelled"
    touches: ClassVar[frozenset[str]] = frozenset({"labels"})
    icon: ClassVar[str] = "label"

    def words(self) -> Words:
        put, took = (listed((Part(one, "label") for one in names), " ") for names in (self.added, self.removed))
        return difference(
            put, took, _("added %(put)s and removed %(took)s"), _("added %(put)s"), _("removed %(took)s")
        )


@dataclass(frozen=True, slots=True)
class Assigned(_Sets):
    kind: ClassVar[str] = "assigned"
    touches: ClassVar[frozenset[str]] = frozenset({"assignees"})
    erases: ClassVar[Erased] = Erased(people=("added", "removed"))
    icon: ClassVar[str] = "user"

    def words(self) -> Words:
        put, took = (listed(name(one) for one in names) for names in (self.added, self.removed))
        return difference(
            put, took, _("assigned %(put)s and unassigned %(took)s"), _("assigned %(put)s"), _("unassigned %(took)s")
        )


def _ids(data: Data, key: str, names: Sequence[Any]) -> Sequence[int | None]:
    """The ids beside some names; None for each where an old row has none."""
    found: Sequence[int | None] | None = data.get(key)
    return [None] * len(names) if found is None else found


def _priority(value: str) -> str:
    """A priority within a sentence."""
    words = {
        "none": pgettext("priority", "none"),
        "low": pgettext("priority", "low"),
        "medium": pgettext("priority", "medium"),
        "high": pgettext("priority", "high"),
        "urgent": pgettext("priority", "urgent"),
    }
    return words.get(value, value)
