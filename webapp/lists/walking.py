"""How a long list is read in its own order, no further than it is shown.

Along the issues of its project, of which each is asked whether it belongs there; or, where a label must be on all of
them that few have, along that label's ties, which are in the order of making.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import and_
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.lists.conditions import TIED, Condition, Scope, condition
from webapp.lists.conditions.named import ids_of
from webapp.lists.orders import Order
from webapp.models.issues import Issue, IssueLabel
from webapp.projects.rows import ProjectRow
from webapp.text.query import All, Either, Node, Not, Term, parts, together

# What has a label is looked up one by one; the issues of a project lie side by side.
DEARER = 4
# All ties: the issues that they lead to are those that whoever asks sees.
_TIE = aliased(IssueLabel, name=eyes.WHOLE)


@dataclass(frozen=True, slots=True)
class Walk:
    """What a list has, and the order it is read in: the same issues in the same order, whichever way it goes."""

    where: Condition
    order: Order


def is_tied(node: Node) -> bool:
    """Whether it asks for what is TIED. Any other condition is the same for who walks, and is built once."""
    match node:
        case Term():
            return node.name in TIED
        case Not():
            return is_tied(node.node)
        case All() | Either():
            return any(is_tied(one) for one in node.nodes)
    return False


def walk(
    tree: Node, here: Condition, scope: Scope, order: Order, carried: Mapping[int, int], project: ProjectRow
) -> Walk:
    """The way through a list of a project; `carried` tells of how many issues labels are, as `naming` does."""
    number, term = min(_led(tree, scope, carried), default=(0, None), key=lambda way: way[0])
    if term is None or number * DEARER > _others(tree, project):
        return Walk(here & condition(tree, scope), order)
    rest = together(node for node in parts(tree) if node is not term)
    tied = and_(_TIE.label_id == ids_of(term, scope)[0][0], _TIE.issue_id == Issue.id)
    by_tie = replace(order, columns=(_TIE.issue_created_at, _TIE.issue_id))
    return Walk(here & tied & condition(rest, scope), by_tie)


def _led(tree: Node, scope: Scope, carried: Mapping[int, int]) -> list[tuple[int, Term]]:
    """The terms that ask for one label, with how many issues have that, as far as its ties can lead."""
    led = []
    for node in parts(tree):
        if isinstance(node, Term) and node.name == "label" and len(node.values) == 1:
            ids, _ = ids_of(node, scope)
            if len(ids) == 1 and ids[0] in carried:
                led.append((carried[ids[0]], node))
    return led


def _others(tree: Node, project: ProjectRow) -> int:
    """How many issues there are to walk along without a label: those in the state that is asked for."""
    asked = {
        node.values[0].text.lower()
        for node in parts(tree)
        if isinstance(node, Term) and node.name in ("is", "state") and len(node.values) == 1
    }
    counts = {"open": project.open_issues, "closed": project.closed_issues}
    return min((number for state, number in counts.items() if state in asked), default=sum(counts.values()))
