"""Conditions on what an issue has at all, and what it is."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ARRAY, BigInteger, and_, exists, literal, not_, true
from sqlalchemy.orm import aliased

from webapp.issues.fields import BY_QUERY
from webapp.lists.conditions.links import is_blocked
from webapp.lists.conditions.scope import Condition, Scope, choice, each, plain
from webapp.models.attachments import Attachment
from webapp.models.issues import Issue, Priority, State
from webapp.text.query import Term, Value


def state(value: Value, term: Term, scope: Scope) -> Condition:
    chosen = choice(value, term.name)
    if chosen == "all":
        return true()
    return _IS[chosen](scope) if chosen in _IS else Issue.state == chosen


def is_open(term: Term) -> bool:
    """Whether it asks for open issues alone."""
    return term.name in ("is", "state") and [value.text.lower() for value in term.values] == [State.OPEN]


_IS: dict[str, Callable[[Scope], Condition]] = {
    "overdue": lambda scope: and_(Issue.state == State.OPEN, Issue.due_on < scope.today),
    "blocked": is_blocked,
    "assigned": lambda scope: PRESENT["assignee"],
    "unassigned": lambda scope: not_(PRESENT["assignee"]),
    "private": lambda scope: Issue.private.is_(True),
}


def reason(value: Value, term: Term, scope: Scope) -> Condition:
    return Issue.close_reason == choice(value, "reason")


def words(column: Any) -> Callable[[Term, Scope], Condition]:
    """That words stand in a text as they are, in any case."""

    def ask(value: Value, term: Term, scope: Scope) -> Condition:
        stands: Condition = column.icontains(plain(value, term.name), autoescape=True)
        return stands

    return each(ask)


def lacks(value: Value, term: Term, scope: Scope) -> Condition:
    return not_(PRESENT[choice(value, "no")])


def has(value: Value, term: Term, scope: Scope) -> Condition:
    return PRESENT[choice(value, "has")]


# Made once: another name for a table takes a hundred kilobytes, and a query may ask this again and again.
_FILE, _CHILD = aliased(Attachment), aliased(Issue)
_HAS_FILE = exists().where(_FILE.issue_id == Issue.id)
_HAS_CHILD = exists().where(_CHILD.parent_id == Issue.id, _CHILD.deleted_at.is_(None))
_NONE = literal([], ARRAY(BigInteger))
# What is on the issue's own row is asked of that: whoever walks through a list need not look elsewhere.
PRESENT: Mapping[str, Condition] = {
    **{name: getattr(Issue, field.column).is_not(None) for name, field in BY_QUERY.items() if field.optional},
    "label": Issue.label_ids != _NONE,
    "assignee": Issue.assignee_ids != _NONE,
    "priority": Issue.priority != Priority.NONE,
    "comment": Issue.comment_count > 0,
    "reaction": Issue.reaction_count > 0,
    "attachment": _HAS_FILE,
    "child": _HAS_CHILD,
}
