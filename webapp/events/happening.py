"""What every kind of event has to decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Literal, Self

from webapp.events.words import Words

Data = Mapping[str, Any]
# Fields of an issue, with what they are to become: a value, a Ref to a thing, or a Difference of many.
Effect = Mapping[str, Any]
# As what somebody's page tells it.
Verb = Literal["opened", "closed", "reopened", "changed", "commented", "committed", "merge_requested"]
DOT = "…"  # stands in the place of what is forgotten


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing as it was called then. `id` is None where an old event does not tell it."""

    id: int | None
    name: str

    @classmethod
    def maybe(cls, id: int | None, name: str | None) -> "Ref | None":
        """The thing, or None where there was none."""
        return None if name is None else cls(id, name)


@dataclass(frozen=True, slots=True)
class Difference:
    """What came to a field of many things, and what went."""

    added: Sequence[Ref]
    removed: Sequence[Ref]

    @property
    def turned(self) -> "Difference":
        """The same the other way round."""
        return Difference(self.removed, self.added)


@dataclass(frozen=True, slots=True)
class Erased:
    """What goes from an event when something must be forgotten: keys that quote a text, and keys that name people.

    The title of an issue is no such text: it is what the issue is called.
    """

    words: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class News(StrEnum):
    """As what people hear of something. Their rules say of each of these by which way."""

    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    COMMENTED = "commented"
    STATE = "state"
    NEW_ISSUE = "new_issue"
    QUERY = "query"
    CHANGED = "changed"


NOTHING = Erased()
# What a kind must say for itself, or have from a base that is made for its like.
DECIDED = ("kind", "touches", "lasting", "erases", "effect", "words", "link")


class Happening:
    """Something that happened to an issue. Each kind is a frozen class; one that leaves something open is refused.

    `kind` is its name in rows and answers, `touches` the fields of the issue that it tells of, `lasting` says why it
    cannot be taken back, where it cannot. A kind that is not `stored` is only told. `heard` is as what people hear of
    it; None where nobody does.
    """

    __slots__ = ()

    kind: ClassVar[str]
    touches: ClassVar[frozenset[str]]
    lasting: ClassVar[str]
    erases: ClassVar[Erased]
    stored: ClassVar[bool] = True
    # Whether an issue's thread has a line for it, and whether the first page has.
    in_thread: ClassVar[bool] = True
    in_feed: ClassVar[bool] = True
    heard: ClassVar[News | None] = News.CHANGED
    # As what it is told among somebody's deeds; the icon of its line, and the icon's colour.
    verb: ClassVar[Verb] = "changed"
    icon: ClassVar[str] = "edit"
    colour: ClassVar[str] = ""
    # Attributes that data names otherwise.
    renamed: ClassVar[Mapping[str, str]] = {}
    # Where its data name other issues, as paths: put away once it is told where not everybody may know of these.
    elsewhere: ClassVar[Sequence[tuple[str, ...]]] = ()
    is_base: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__dict__.get("is_base"):
            return
        decided = _decided_by(cls)
        if missing := [name for name in DECIDED if name not in decided]:
            raise TypeError(f"{cls.__name__} has to decide: {', '.join(missing)}.")
        if ("inverse" in decided) == bool(cls.lasting):
            raise TypeError(f"{cls.__name__} has to say how it is taken back, or in `lasting` why it cannot be.")

    def data(self) -> dict[str, Any]:
        """What its row has of it."""
        return {key: _as_json(getattr(self, name)) for name, key in _names(type(self))}  # type: ignore[arg-type]

    def shown(self) -> dict[str, Any]:
        """What answers have of it: all that whoever sees the issue may know."""
        return self.data()

    @classmethod
    def of(cls, data: Data) -> Self:
        """The same read back. Of an old row what it lacks is None."""
        return cls(**{name: data.get(key) for name, key in _names(cls)})  # type: ignore[arg-type]

    def effect(self) -> Effect:
        """What the fields are since then."""
        raise NotImplementedError

    def inverse(self) -> Effect | None:
        """What the fields must become so that they are as before; None where it cannot be, or an old row lacks it."""
        return None

    def words(self) -> Words:
        """What is told, as half a sentence that begins with a verb."""
        raise NotImplementedError

    def link(self) -> str:
        """Where it can be looked at, from the address of the issue."""
        raise NotImplementedError

    def blotted(self, words: Collection[str] | None = None) -> Self:
        """The same with a dot in the place of these words of a text, or else of all that it quotes."""
        gone = {
            key: [DOT if words is None or one in words else one for one in getattr(self, key)]
            for key in self.erases.words
        }
        return replace(self, **gone)  # type: ignore[type-var]

    def without(self, person_id: int) -> Self:
        """The same with a dot in the place of somebody's name."""
        gone = {
            key: [
                DOT if id == person_id else one
                for id, one in zip(getattr(self, f"{key}_ids"), getattr(self, key), strict=True)
            ]
            for key in self.erases.people
        }
        return replace(self, **gone)  # type: ignore[type-var]


class OfIssue(Happening):
    """What is looked at on the issue's own page, and quotes nothing that could be forgotten."""

    __slots__ = ()
    is_base: ClassVar[bool] = True
    erases = NOTHING

    def link(self) -> str:
        return ""


class Aside(Happening):
    """What changes no field of the issue."""

    __slots__ = ()
    is_base: ClassVar[bool] = True
    touches = frozenset()
    erases = NOTHING

    def effect(self) -> Effect:
        return {}


@cache
def _names(kind: Any) -> Sequence[tuple[str, str]]:
    """The fields of a kind, each with its name in data."""
    return [(one.name, kind.renamed.get(one.name, one.name)) for one in fields(kind)]


def _as_json(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _decided_by(kind: type[Happening]) -> set[str]:
    """What a kind says of itself, or one of its bases does; what they all begin with decides nothing."""
    bases = [base for base in kind.__mro__ if base is not Happening and issubclass(base, Happening)]
    return {name for base in bases for name in base.__dict__}
