"""What a query asks, as conditions of the database. That spans all tables, those of the hub's spokes too."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, not_, or_, true

from webapp.documents import finding as documents
from webapp.i18n import _
from webapp.issues.fields import BY_QUERY
from webapp.lists.conditions import links, named, past, presence, sizes
from webapp.lists.conditions.named import NAMING, NUMBERED, TIED, means_more, name_of, names, own_id
from webapp.lists.conditions.scope import Condition, Scope, each
from webapp.lists.vocabulary import Named
from webapp.models.issues import Issue
from webapp.text.query import All, Either, Node, Not, Term, Unreadable, Words

__all__ = [
    "NAMING", "NUMBERED", "TIED", "Condition", "Named", "Scope", "condition", "means_more", "name_of", "names",
    "own_id",
]  # fmt: skip


def condition(node: Node, scope: Scope) -> Condition:
    """The condition that a tree stands for. Raises Unreadable for a value that its field does not take."""
    match node:
        case Words():
            return _found([node], scope)
        case Term():
            return _TERMS[node.name](node, scope)
        case Not():
            return _denied(node.node, scope)
        case Either():
            return or_(*(condition(one, scope) for one in node.nodes))
        case All():
            return _together(node.nodes, scope)


def _together(nodes: Sequence[Node], scope: Scope) -> Condition:
    """That all of these hold. Words are looked for at once."""
    if any(isinstance(one, Term) and presence.is_open(one) for one in nodes):
        scope = replace(scope, is_open=True)
    words = [one for one in nodes if isinstance(one, Words)]
    others = [condition(one, scope) for one in nodes if not isinstance(one, Words)]
    return and_(true(), *others, *([_found(words, scope)] if words else []))


def _denied(node: Node, scope: Scope) -> Condition:
    """What does not hold. An issue without a milestone is not of milestone 1.0 either, so unknown counts as no."""
    asked = condition(node, scope)
    return not_(asked) if isinstance(node, Term) and node.name not in _MAY_LACK else asked.is_not(true())


def _found(words: Sequence[Words], scope: Scope) -> Condition:
    """That an issue's texts have all these words; `#12` and `KEY-12` stand for the issue itself."""
    refs = [match for one in words if (match := links.REF.match(one.text))]
    others = [one.text for one in words if not links.REF.match(one.text)]
    asked = [links.referred(match, scope) for match in refs]
    return and_(true(), *asked, *([documents.fitting(others, list(scope.projects))] if others else []))


def _sort(term: Term, scope: Scope) -> Condition:
    why = _(
        "%(field)s: orders the whole list, so it stands by itself, outside of OR, brackets and -.", field=term.name
    )
    raise Unreadable(term.at, why)


# Of what is not there the database says that it is unknown.
_MAY_LACK = {"closed", *(name for name, field in BY_QUERY.items() if getattr(Issue, field.column).nullable)}
# How what is typed into a field is asked for.
_BY_TYPE: dict[str, Callable[[Any], Callable[[Term, Scope], Condition]]] = {
    "text": presence.words,
    "day": sizes.day,
    "number": sizes.number,
}
_TERMS: dict[str, Callable[[Term, Scope], Condition]] = {
    **{
        name: _BY_TYPE[field.typed](getattr(Issue, field.column))
        for name, field in BY_QUERY.items()
        if field.typed is not None
    },
    "is": each(presence.state),
    "state": each(presence.state),
    "reason": each(presence.reason),
    "status": named.named(Issue.status_id),
    "label": named.label,
    "assignee": named.assignee,
    "author": named.author,
    "mentions": named.mentions,
    "commenter": named.commenter,
    "involves": named.involves,
    "milestone": named.named(Issue.milestone_id),
    "priority": each(sizes.priority),
    "created": sizes.moment(Issue.created_at),
    "updated": sizes.moment(Issue.updated_at),
    "closed": sizes.moment(Issue.closed_at),
    "comments": sizes.number(Issue.comment_count),
    "reactions": sizes.number(Issue.reaction_count),
    "no": each(presence.lacks),
    "has": each(presence.has),
    "parent": each(links.parent),
    "blocked": each(links.blocked),
    "blocks": each(links.blocks),
    "project": named.named(Issue.project_id),
    "changed": past.changed,
    "reopened": each(past.reopened),
    "in": past.stayed(named.named(Issue.status_id)),
    "sort": _sort,
    "group": _sort,
}
_TERMS |= {f"was:{name}": past.was(name, _TERMS[name]) for name, field in BY_QUERY.items() if field.was}
