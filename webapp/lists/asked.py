"""What a query's text asks for, before it is known where and by whom: read once for each text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from webapp.i18n import _, formats
from webapp.issues.fields import BY_QUERY
from webapp.lists.conditions import Named, names
from webapp.lists.conditions.links import REF
from webapp.lists.vocabulary import FIELDS, GROUPS, SORTS
from webapp.text.query import All, Either, Node, Not, Term, Unreadable, Value, Words, nearest, parse, parts, together
from webapp.text.query import write as written_tree

NEWEST_FIRST = "created-desc"
# What a distance to the end of the list is, where a sort says no direction.
_NATURAL = {"due": "asc"}
_STATES = {"": "all", "is:all": "all", "is:open": "open", "is:closed": "closed"}
# What only the issues of a project, their ties and the names of these decide: neither the time, nor who asks, nor
# what is in other projects. What is new is not among them until somebody has thought about it.
_LASTING = frozenset({
    "is", "author", "mentions", "commenter", "involves", "comments", "reactions", "no", "has", "reopened",
    *(name for name, field in BY_QUERY.items() if field.asked and field.asked.lasts),
    *(f"was:{name}" for name, field in BY_QUERY.items() if field.asked and field.asked.lasts and field.was),
})  # fmt: skip
_FLEETING = frozenset({"overdue", "blocked", "@me"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A text's tree without the order, that order, its names with where they stand, and the text as it is written.
    `group` is what the list is divided by, if it is.

    `state` is the one that is all it asks for: "open", "closed" or "all"; None if it asks for more. What `lasts`
    finds the same in a project, whoever asks, until that changes.
    """

    tree: Node
    sort: str
    group: str
    names: Mapping[Named, Value]
    text: str
    state: str | None
    lasts: bool


@lru_cache(maxsize=500)
def asked(text: str) -> Asked:
    """What a text asks for. Raises Unreadable, saying where and why."""
    tree, sort, group = _ordered(parse(text, FIELDS))
    tree_text = written_tree(tree)
    state = _STATES.get(tree_text.replace("state:", "is:"))
    return Asked(tree, sort, group, dict(names(tree)), in_order(tree_text, sort, group), state, _lasts(tree))


def in_order(text: str, sort: str, group: str) -> str:
    """A query's text with the order that it asks for."""
    order = f"{f'sort:{sort}' if sort != NEWEST_FIRST else ''} {f'group:{group}' if group else ''}"
    return f"{text} {order.strip()}".strip()


def _lasts(node: Node) -> bool:
    match node:
        case Words():
            return not REF.match(node.text)
        case Not():
            return _lasts(node.node)
        case All() | Either():
            return all(map(_lasts, node.nodes))
        case Term():
            values = {value.text.lower() for value in node.values}
            return node.name in _LASTING and not node.modifiers and not values & _FLEETING


def _ordered(tree: Node) -> tuple[Node, str, str]:
    """A tree without what it says of the order, and the last order and the last groups that it says."""
    sort, group, kept = NEWEST_FIRST, "", []
    for node in parts(tree):
        if isinstance(node, Term) and node.name == "sort":
            sort = _sort(node)
        elif isinstance(node, Term) and node.name == "group":
            group = _group(node)
        else:
            kept.append(node)
    return together(kept), sort, group


def _group(term: Term) -> str:
    value = term.values[-1]
    if (by := value.text.lower()) not in GROUPS:
        raise Unreadable(
            value.at, _("A list is divided by %(ways)s.", ways=formats.gap().join(GROUPS)), nearest(by, GROUPS)
        )
    return by


def _sort(term: Term) -> str:
    value = term.values[-1]
    by, _dash, way = value.text.lower().partition("-")
    if by not in SORTS or way not in ("", "asc", "desc"):
        choices = [f"{one}-{way}" for one in SORTS for way in ("asc", "desc")]
        raise Unreadable(
            value.at,
            _("A list is sorted by %(ways)s.", ways=formats.gap().join(SORTS)),
            nearest(value.text.lower(), choices),
        )
    return f"{by}-{way or _NATURAL.get(by, 'desc')}"
