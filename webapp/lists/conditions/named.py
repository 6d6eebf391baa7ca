"""Conditions on what has a name: labels, statuses, milestones, people, projects."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ARRAY, BigInteger, exists, literal, or_
from sqlalchemy.orm import aliased

from webapp.lists import vocabulary
from webapp.lists.conditions.presence import PRESENT
from webapp.lists.conditions.scope import ANYBODY, ME, NOBODY, Condition, Scope, plain, presence
from webapp.lists.vocabulary import Named
from webapp.models.comments import Comment
from webapp.models.issues import Issue, IssueAssignee, IssueLabel
from webapp.models.references import Mention
from webapp.text.query import All, Either, Node, Not, Term, Value

# Under names of their own, as the statement around a condition may speak of the same tables.
_IssueLabel, _IssueAssignee = aliased(IssueLabel), aliased(IssueAssignee)
_Mention, _Comment = aliased(Mention), aliased(Comment)
# Which fields ask by name, and what kind of thing it is that has the name.
PEOPLE = (*vocabulary.PEOPLE, "by", "was:assignee")
NAMING = {
    **dict.fromkeys(("label", "was:label"), "label"),
    **dict.fromkeys(("milestone", "was:milestone"), "milestone"),
    **dict.fromkeys(("status", "was:status", "in"), "status"),
    **dict.fromkeys(PEOPLE, "person"),
    "project": "project",
}
# What can be named by its id as well, and then be gone: what kind that is. A label's id may be that of one that
# became part of another. People do not go, and whether there is somebody is told to nobody.
NUMBERED = {f"{kind} number": kind for kind in ("label", "milestone", "status", "project")}


def names(node: Node) -> Iterator[tuple[Named, Value]]:
    """What a query calls by a name: the kind of thing, the name, and where it is said."""
    match node:
        case Term():
            if kind := NAMING.get(node.name):
                yield from _names_of_values(node, kind)
            for modifier in node.modifiers:
                yield from names(modifier)
        case Not():
            yield from names(node.node)
        case All() | Either():
            for one in node.nodes:
                yield from names(one)


def _names_of_values(term: Term, kind: str) -> Iterator[tuple[Named, Value]]:
    for value in term.values:
        if not means_more(value, kind):
            yield (kind, name_of(value, kind)), value
        elif f"{kind} number" in NUMBERED and (own := own_id(value)):
            yield (f"{kind} number", str(own)), value


def named(column: Any) -> Callable[[Term, Scope], Condition]:
    """A field whose values are names of what a column of the issue points to."""

    def ask(term: Term, scope: Scope) -> Condition:
        ids, special = ids_of(term, scope)
        return or_(column.in_(ids), *(presence(column.is_not(None), one) for one in special))

    return ask


# What is tied to issues by a table of its own, and stands on each issue's row as well: who walks through a list in
# its order asks that.
TIED = frozenset({"label", "assignee"})


def label(term: Term, scope: Scope) -> Condition:
    ids, special = ids_of(term, scope)
    tied = exists().where(_IssueLabel.issue_id == Issue.id, _IssueLabel.label_id.in_(ids), *_labelled(scope))
    carrying = _one_of(Issue.label_ids, ids) if scope.walks else tied
    return or_(*([carrying] if ids or not special else []), *(presence(PRESENT["label"], one) for one in special))


def assignee(term: Term, scope: Scope) -> Condition:
    ids, special = ids_of(term, scope)
    tied = exists().where(_IssueAssignee.issue_id == Issue.id, _IssueAssignee.user_id.in_(ids), *_assigned(scope))
    assigned = _one_of(Issue.assignee_ids, ids) if scope.walks else tied
    return or_(*([assigned] if ids or not special else []), *(presence(PRESENT["assignee"], one) for one in special))


def _labelled(scope: Scope) -> list[Condition]:
    """What ties of open issues have besides, so that those of others need not be looked up: there are many more."""
    return [_IssueLabel.place.is_not(None)] if scope.is_open else []


def _assigned(scope: Scope) -> list[Condition]:
    """The same of people's, which tell the project as well."""
    if not scope.is_open:
        return []
    return [_IssueAssignee.place.is_not(None), _IssueAssignee.project_id.in_(scope.projects)]


def _one_of(column: Any, ids: list[int]) -> Condition:
    return column.bool_op("&&")(literal(ids, ARRAY(BigInteger)))  # type: ignore[no-any-return]


def author(term: Term, scope: Scope) -> Condition:
    return Issue.author_id.in_(ids_of(term, scope)[0])


def mentions(term: Term, scope: Scope) -> Condition:
    return exists().where(_Mention.issue_id == Issue.id, _Mention.user_id.in_(ids_of(term, scope)[0]))


def commenter(term: Term, scope: Scope) -> Condition:
    by_them = _Comment.author_id.in_(ids_of(term, scope)[0])
    return exists().where(_Comment.issue_id == Issue.id, by_them, _Comment.deleted_at.is_(None))


def involves(term: Term, scope: Scope) -> Condition:
    return or_(*(ask(term, scope) for ask in (author, assignee, commenter, mentions)))


def ids_of(term: Term, scope: Scope) -> tuple[list[int], list[str]]:
    """The ids that a term's names stand for, and those of its values that mean none or any."""
    ids: list[int] = []
    special = []
    for value in term.values:
        name = plain(value, term.name)
        kind = NAMING[term.name]
        if not means_more(value, kind):
            ids += scope.ids.get((kind, name_of(value, kind)), ())
        elif name in (NOBODY, ANYBODY):
            special.append(name)
        elif (own := own_id(value)) is not None:
            ids += scope.ids.get((f"{kind} number", str(own)), ()) if f"{kind} number" in NUMBERED else [own]
        else:
            ids += [scope.by.id] if scope.by else []
    return ids, special


def means_more(value: Value, kind: str) -> bool:
    """Whether it is no name, but none, any, whoever asks, or an id."""
    words = (NOBODY, ANYBODY, ME) if kind == "person" else (NOBODY, ANYBODY)
    return own_id(value) is not None or (value.text in words and not value.is_name)


def name_of(value: Value, kind: str) -> str:
    """What it is called: a person may be, without quotation marks, with an @ before their handle."""
    return value.text.removeprefix("@") if kind == "person" and not value.is_name else value.text


def own_id(value: Value) -> int | None:
    """`#12` is the thing with this id: how an address says it that must survive a new name."""
    if value.is_name:
        return None
    digits = value.text[1:]
    return int(digits) if value.text[:1] == "#" and digits.isdecimal() and len(digits) < 19 else None
