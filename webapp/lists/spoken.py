"""What a list is asked field by field, as a text."""

from collections.abc import Iterator

from webapp.errors import Invalid
from webapp.i18n import Whole
from webapp.issues.schemas import IssueQuery
from webapp.lists.asked import NEWEST_FIRST
from webapp.lists.vocabulary import FIELDS
from webapp.text.query import Term, Unreadable, Value, called, parse, parts, together, write

# What a list's address says beside what is asked for.
_ASIDE = frozenset({"limit", "cursor", "view"})
OPEN = "is:open"


def text_of(query: IssueQuery) -> str:
    """A query as one text: what it says field by field is added to its `q`. Without one, open issues are meant."""
    if query.model_fields_set <= _ASIDE:
        return OPEN
    terms = list(_terms(query))
    words = query.q or ""
    if not terms:
        return words
    if not words:
        return write(together(terms))
    try:
        return write(together([*parts(parse(words, FIELDS)), *terms]))
    except Unreadable as error:
        raise Invalid.on("q", Whole(error)) from None


def _terms(query: IssueQuery) -> Iterator[Term]:
    """What a query says field by field."""
    if query.q is None or "state" in query.model_fields_set:
        yield _term("is", query.state)
    yield from (Term("label", (called(name),)) for name in query.label)
    if query.status:
        yield Term("status", tuple(map(called, query.status)))
    if query.priority:
        yield _term("priority", *query.priority)
    ids = {"author": query.author, "assignee": query.assignee, "milestone": query.milestone}
    yield from (_term(name, f"#{id}") for name, id in ids.items() if id is not None)
    yield from _ordered(query)


def _ordered(query: IssueQuery) -> Iterator[Term]:
    order = {"sort": query.sort, "group": query.group}
    yield from (_term(name, value) for name, value in order.items() if value and value != NEWEST_FIRST)


def _term(name: str, *values: str) -> Term:
    return Term(name, tuple(Value(value) for value in values))
