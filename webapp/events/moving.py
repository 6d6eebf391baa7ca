"""An issue goes to another project: what it leaves behind there, and what it has again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from webapp.events.happening import DOT, Data, Difference, Effect, Erased, News, OfIssue, Ref
from webapp.events.words import Part, Words, between, filled, issue, listed, name
from webapp.i18n import N_, _

# An issue of a project that not everybody here may know, and what is said of such.
UNKNOWN = Ref(None, "")
_HIDDEN = {"parent": N_("its parent"), "sub-issue": N_("sub-issues")}
_KNOWN = {"parent": N_("the parent %(issue)s"), "sub-issue": N_("the sub-issue %(issue)s")}
_NAMED = {
    "assignee": N_("the assignee %(name)s"),
    "milestone": N_("the milestone %(name)s"),
    "status": N_("the status %(name)s"),
}


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What an issue had in its former project and has no longer, by what it was called there.

    `parent` and `parts` are issues by number and key, `status` the former one where it has another name now.
    """

    labels: Sequence[Ref] = ()
    assignees: Sequence[Ref] = ()
    parts: Sequence[Ref] = ()
    milestone: Ref | None = None
    parent: Ref | None = None
    status: Ref | None = None

    def data(self) -> dict[str, Any]:
        """As JSON has it; only what there is."""
        many = {key: [_named(one) for one in getattr(self, key)] for key in ("labels", "assignees", "parts")}
        single = {key: getattr(self, key) for key in ("milestone", "parent", "status")}
        return {**_some(many), **{key: _named(one) for key, one in single.items() if one is not None}}

    def without(self, person_id: int) -> Self:
        """The same with a dot in the place of somebody's name."""
        people = [Ref(one.id, DOT) if one.id == person_id else one for one in self.assignees]
        return replace(self, assignees=people)

    def unnamed(self) -> Self:
        """The same without the numbers of issues, for whoever may not know of what project they are."""
        return replace(self, parent=self.parent and UNKNOWN, parts=[UNKNOWN] * len(self.parts))

    def words(self) -> Words:
        """What it was, each thing with what it was of the issue."""
        labels = listed((Part(label.name, "label") for label in self.labels), " ")
        phrases = [labels] if labels else []
        phrases += [filled(_(_NAMED[what]), name=name(one.name)) for what, one in self._named() if one is not None]
        phrases += self._issues()
        return listed(phrases)

    def _named(self) -> Iterator[tuple[str, Ref | None]]:
        yield from (("assignee", one) for one in self.assignees)
        yield from (("milestone", self.milestone), ("status", self.status))

    def _issues(self) -> list[Words]:
        issues = [("parent", self.parent)] if self.parent else []
        issues += [("sub-issue", one) for one in self.parts]
        known = [filled(_(_KNOWN[what]), issue=issue(one.name)) for what, one in issues if _is_known(one)]
        hidden = dict.fromkeys(what for what, one in issues if not _is_known(one))
        return [*known, *([Part(_(_HIDDEN[what]))] for what in hidden)]

    @classmethod
    def of(cls, data: Data) -> Self:
        """The same read back."""
        values: dict[str, Any] = {
            key: _ref(one) if isinstance(one, dict) else [_ref(each) for each in one] for key, one in data.items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Moved(OfIssue):
    """Taken from one project to another, with another key. `old` is None where not everybody here may know it.

    `again` is what it has again of what it left in the project when it went away from there, `status` the one that it
    has instead of one that it left behind, where that is not one that it has again. `from_id` is the former
    project, `from_number` its number there, and `rank` where it stood on boards: what a way back needs.
    """

    kind: ClassVar[str] = "moved"
    heard: ClassVar[News | None] = News.STATE
    touches: ClassVar[frozenset[str]] = frozenset(
        {"project", "labels", "assignees", "milestone", "parent", "parts", "status"}
    )
    lasting: ClassVar[str] = "It is more than its fields: webapp/editing/returning.py takes an issue back."
    erases: ClassVar[Erased] = Erased(people=("assignees",))
    # Whose number it had where is told to nobody then, and needed on the way back.
    elsewhere: ClassVar[Sequence[tuple[str, ...]]] = [
        ("from",),
        ("to",),
        *((side, what) for side in ("left_behind", "again") for what in ("parent", "parts")),
    ]

    old: str | None
    new: str
    left_behind: LeftBehind = field(default_factory=LeftBehind)
    again: LeftBehind = field(default_factory=LeftBehind)
    status: Ref | None = None
    from_id: int | None = None
    from_number: int | None = None
    rank: str | None = None

    def data(self) -> dict[str, Any]:
        status = _named(self.status) if self.status else None
        more = {"again": self.again.data(), "status": status, **{key: getattr(self, key) for key in _WAY}}
        return {"from": self.old, "to": self.new, "left_behind": self.left_behind.data(), **_some(more)}

    def shown(self) -> dict[str, Any]:
        if self.old is not None:
            return self.data()
        return replace(self, left_behind=self.left_behind.unnamed(), from_id=None, from_number=None).data()

    @classmethod
    def of(cls, data: Data) -> Self:
        left, again = (LeftBehind.of(data.get(key) or {}) for key in ("left_behind", "again"))
        way = {key: data.get(key) for key in _WAY}
        status = _ref(data["status"]) if data.get("status") else None
        return cls(data.get("from"), data.get("to") or "", left, again, status, **way)

    def without(self, person_id: int) -> Self:
        left, again = (side.without(person_id) for side in (self.left_behind, self.again))
        return replace(self, left_behind=left, again=again)

    def effect(self) -> Effect:
        left, again = self.left_behind, self.again
        many = {key: Difference(getattr(again, key), getattr(left, key)) for key in ("labels", "assignees")}
        single = {
            key: getattr(again, key) for key in ("milestone", "parent") if getattr(left, key) or getattr(again, key)
        }
        status = again.status or self.status
        return {"project": self.new, **many, **single, **({"status": status} if status else {})}

    def words(self) -> Words:
        left, again = self.left_behind.words(), self.again.words()
        return [
            *(between(self.old, self.new) if self.new else [Part(_("moved this to another project"))]),
            *(filled(_(", where it has no longer %(what)s"), what=left) if left else []),
            *(filled(_(", where it has again %(what)s"), what=again) if again else []),
            *(filled(_(", and is now %(status)s"), status=name(self.status.name)) if self.status else []),
        ]


# What a way back needs, as far as it is told.
_WAY = ("from_id", "from_number", "rank")


def _is_known(ref: Ref) -> bool:
    """Whether an issue is told by its key, and not only by the number that it had in the former project."""
    return "-" in ref.name


def _named(ref: Ref) -> dict[str, Any]:
    return {"id": ref.id, "name": ref.name or None}


def _ref(data: Data) -> Ref:
    return Ref(data["id"], data["name"])


def _some(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
