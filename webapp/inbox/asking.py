"""What of an inbox is asked for, in words: `is:unread reason:mentioned project:CAIRN stone`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.errors import Invalid
from webapp.i18n import Whole, _, formats
from webapp.models.inbox import Reason
from webapp.text.query import (
    All,
    Either,
    Node,
    Not,
    Term,
    Unreadable,
    called,
    nearest,
    parse,
    parts,
    together,
    write,
)

STATES = ("unread", "read", "snoozed", "done", "all")
_FIELDS: Mapping[str, tuple[str, ...]] = {"is": (), "reason": (), "project": ()}
_VALUES: Mapping[str, Sequence[str]] = {"is": STATES, "reason": tuple(Reason)}
# Whoever asks for these means more than what waits now.
_BEYOND = frozenset({"snoozed", "done", "all"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was read. Without a word about what is done or sleeps, it means neither."""

    tree: Node

    @property
    def text(self) -> str:
        return write(self.tree)

    @property
    def is_of_now(self) -> bool:
        """Whether it means only what waits now."""
        said = (value.text.lower() for term in _terms(self.tree) if term.name == "is" for value in term.values)
        return not _BEYOND.intersection(said)

    def names(self, field: str) -> bool:
        """Whether it says anything about a field."""
        return any(term.name == field for term in _terms(self.tree))

    def chosen(self, name: str) -> str:
        """The one plain value that it gives a field; empty if it gives none, or more than that."""
        terms = [one for one in parts(self.tree) if isinstance(one, Term) and one.name == name]
        return terms[0].values[0].text if len(terms) == 1 and len(terms[0].values) == 1 else ""

    def having(self, name: str, value: str) -> str:
        """The text of the same query with another value of a field, or with none."""
        rest = [one for one in parts(self.tree) if not (isinstance(one, Term) and one.name == name)]
        return write(together([*([Term(name, (called(value),))] if value else []), *rest]))


def asked(text: str) -> Asked:
    """What a text asks for. Raises Invalid on `q`, saying where and why."""
    try:
        tree = parse(text, _FIELDS)
        for term in _terms(tree):
            _refuse_unknown(term)
    except Unreadable as error:
        raise Invalid.on("q", Whole(error)) from None
    return Asked(tree)


def _refuse_unknown(term: Term) -> None:
    for value in term.values:
        if value.sign or value.upto is not None:
            raise Unreadable(term.at, _("%(field)s: takes plain values.", field=term.name))
        known = _VALUES.get(term.name)
        if known is not None and value.text.lower() not in known:
            why = _("%(field)s: takes %(values)s.", field=term.name, values=formats.one_of(known))
            raise Unreadable(value.at or term.at, why, nearest(value.text.lower(), known))


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case Not():
            yield from _terms(node.node)
        case All() | Either():
            for one in node.nodes:
                yield from _terms(one)
