"""A form offers a few to choose from, and finds the rest by what is typed: no list grows with a project."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.access import Do, Viewer, require
from webapp.i18n import ngettext
from webapp.picking import repository
from webapp.picking.rows import Kind, Option
from webapp.projects.service import ProjectRow
from webapp.text.sorting import natural_key
from webapp.types import COMMA, Wrong, clean

# So many are offered; where there are more, the rest is looked up.
FEW = 12
# So many names are read at a time: no issue has more of anything, and each unknown one is a search.
MOST = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """What a field offers, and whether that is all there is."""

    kind: Kind
    options: Sequence[Option]
    is_whole: bool

    @property
    def shared(self) -> Collection[str]:
        """The names that several have, whom only their handles tell apart."""
        return {name for name, number in Counter(option.name for option in self.options).items() if number > 1}

    def beginning_with(self, id: int | None) -> Sequence[Option]:
        """The options, of which this one comes first if it is among them."""
        options = self.options
        return [one for one in options if one.id == id] + [one for one in options if one.id != id]

    def without(self, id: int) -> "Offer":
        """The same, but for the thing itself that something is sought for."""
        return replace(self, options=[option for option in self.options if option.id != id])


@dataclass(frozen=True, slots=True)
class Read:
    """What typed names stand for: what is meant, what an unclear one may mean, and the names that nothing is like."""

    meant: Sequence[Option]
    near: Mapping[str, Sequence[Option]]
    unknown: Sequence[str]


def offered(project: ProjectRow, chosen: Mapping[Kind, Sequence[str]], by: Viewer) -> Mapping[Kind, Offer]:
    """What the fields of a form offer: all, if these are few; else the likeliest, and what is chosen already.

    People are chosen by their ids, labels by their names, milestones by their ids. Of many people those are
    offered who got an issue of the project lately, and `by`; of many labels those that most issues carry.
    """
    values = {kind: _values(kind, said) for kind, said in chosen.items()}
    found = repository.offered(project.id, by.id, values, FEW + 1)
    return {kind: _offer(kind, found) for kind in Kind}


def read(project: ProjectRow, kind: Kind, text: str) -> Read:
    """Whom or what a text names: one name, or several with commas of any script between. A name may have its own.

    Raises ValueError, saying why, for what no name can hold, or for too many.
    """
    text = clean(text)
    names = list(dict.fromkeys(filter(None, (text, *map(str.strip, COMMA.split(text))))))
    if len(names) > MOST + 1:
        raise Wrong(
            ngettext("must be at most %(num)s name at a time", "must be at most %(num)s names at a time", MOST)
        )
    if not names:
        return Read((), {}, ())
    meanings = repository.called(project.id, kind, names)
    parts = names[:1] if names[0] in meanings or len(names) == 1 else names[1:]
    meant, near, unknown = [], {}, []
    for name in parts:
        some = meanings.get(name) or repository.like(project.id, kind, name, FEW)
        if len(meanings.get(name, ())) == 1:
            meant += some
        elif some:
            near[name] = some
        else:
            unknown.append(name)
    return Read(meant, near, unknown)


def choices(project: ProjectRow, kind: Kind, text: str, by: Viewer | None) -> Sequence[Option]:
    """The first of those whose name begins with a text, or a word of it."""
    require(by, Do.SEE, project)
    return repository.like(project.id, kind, text, FEW)


def _values(kind: Kind, chosen: Sequence[str]) -> list[int | str]:
    if kind is Kind.LABEL:
        return [one for one in chosen if "\x00" not in one]  # which no label has, and PostgreSQL cannot be asked
    return [int(one) for one in chosen if one.isdecimal() and len(one) < 19]


def _offer(kind: Kind, by_reason: Mapping[tuple[Kind, str], Sequence[Option]]) -> Offer:
    first, chosen = by_reason.get((kind, "first"), ()), by_reason.get((kind, "chosen"), ())
    is_whole = len(first) <= FEW
    few = first if is_whole else by_reason.get((kind, "recent"), first)[:FEW]
    options = list(dict.fromkeys([*few, *chosen]))
    return Offer(kind, options if kind is Kind.MILESTONE else sorted(options, key=_by_name), is_whole)


def _by_name(option: Option) -> str:
    return natural_key(option.name)
