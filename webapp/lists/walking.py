"""How a long list is read in its own order, no further than it is shown.

Along the issues of its project, of which each is asked whether it belongs there; or, where a label must be on all of
them that few have, along that label's ties, which are in the order of making. What has few cards of a board is
gathered, whatever their order, instead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Any

from sqlalchemy import and_, select, true
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.db import AnySelect
from webapp.lists.conditions import TIED, Condition, Scope, condition
from webapp.lists.conditions.named import ids_of
from webapp.lists.conditions.presence import is_open
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


@dataclass(frozen=True, slots=True)
class Gathering:
    """How issues are found all at once: what reads some columns of theirs, for if they are no more than `most`."""

    of: Callable[[Sequence[Any]], AnySelect]
    most: int


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


def gathering(where: Condition, most: int) -> Gathering:
    """How the issues that fulfil a condition are found, as PostgreSQL takes for best."""
    return Gathering(lambda columns: select(*columns).where(where), most)


def led_gathering(
    tree: Node,
    where: Condition,
    here: Condition,
    scope: Scope,
    carried: Mapping[int, int],
    project: ProjectRow,
    counted: int,
) -> Gathering | None:
    """How all issues of a query are found by a label or a milestone, if less is read so than by walking.

    Each column is walked through until so many were met as are `counted`, which takes the longer the fewer there are.
    So it is as much either way where these are the square root of both.
    """
    most = isqrt(counted * _others(tree, project))
    number, term = min(_led(tree, scope, carried), default=(0, None), key=lambda way: way[0])
    if term is not None and number <= most:
        return Gathering(_by_tie(tree, term, here, scope), most)
    if any(isinstance(node, Term) and node.name == "milestone" and ids_of(node, scope)[0] for node in parts(tree)):
        return gathering(where, most)
    return None


def _by_tie(tree: Node, term: Term, here: Condition, scope: Scope) -> Callable[[Sequence[Any]], AnySelect]:
    """What reads issues by the ties of a label, one by one: whatever PostgreSQL takes for likely."""
    nodes = [node for node in parts(tree) if node is not term]
    rest = here & condition(together(nodes), scope)
    label = _TIE.label_id == ids_of(term, scope)[0][0]
    if any(isinstance(node, Term) and is_open(node) for node in nodes):
        label &= _TIE.place.is_not(None)

    def read(columns: Sequence[Any]) -> AnySelect:
        one = select(*columns).where(Issue.id == _TIE.issue_id, rest).limit(1).correlate(_TIE).lateral("one")
        return select(one).select_from(_TIE).join(one, true()).where(label)

    return read


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
