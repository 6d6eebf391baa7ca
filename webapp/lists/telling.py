"""A query in words: what its filters are called on chips, and within the sentence that says what a list shows."""

from collections.abc import Mapping, Sequence

from webapp.i18n import N_, _, formats, ngettext, pgettext, pN_
from webapp.lists.vocabulary import Named
from webapp.text.query import Node, Not, Term, Value, Words, write

ORDERS = {
    "created-desc": N_("newest first"),
    "created-asc": N_("oldest first"),
    "updated-desc": N_("latest activity first"),
    "updated-asc": N_("longest quiet first"),
    "priority-desc": N_("most pressing first"),
    "priority-asc": N_("least pressing first"),
    "due-asc": N_("due first"),
    "due-desc": N_("due last"),
    "comments-desc": N_("most comments first"),
    "comments-asc": N_("fewest comments first"),
    "reactions-desc": N_("most reactions first"),
    "reactions-asc": N_("fewest reactions first"),
}
# What a list is divided by: on its chip, and within a sentence.
GROUPED = {
    "status": (N_("Group: status"), N_("by status")),
    "assignee": (N_("Group: assignee"), N_("by assignee")),
    "milestone": (N_("Group: milestone"), N_("by milestone")),
    "priority": (N_("Group: priority"), N_("by priority")),
}
# So many that they are not counted, by their state.
MORE = {
    "open": N_("More than %(number)s open issues"),
    "closed": N_("More than %(number)s closed issues"),
    "all": N_("More than %(number)s issues"),
}
# What fields are called: at the beginning, and within a sentence.
_FIELDS = {
    "is": (pN_("filter", "Is"), pN_("filter", "is")),
    "state": (pN_("filter", "State"), pN_("filter", "state")),
    "reason": (pN_("filter", "Reason"), pN_("filter", "reason")),
    "resolution": (pN_("filter", "Resolution"), pN_("filter", "resolution")),
    "status": (pN_("filter", "Status"), pN_("filter", "status")),
    "label": (pN_("filter", "Label"), pN_("filter", "label")),
    "assignee": (pN_("filter", "Assignee"), pN_("filter", "assignee")),
    "milestone": (pN_("filter", "Milestone"), pN_("filter", "milestone")),
    "start": (pN_("filter", "Start"), pN_("filter", "start")),
    "due": (pN_("filter", "Due"), pN_("filter", "due")),
    "priority": (pN_("filter", "Priority"), pN_("filter", "priority")),
    "estimate": (pN_("filter", "Estimate"), pN_("filter", "estimate")),
    "parent": (pN_("filter", "Parent"), pN_("filter", "parent")),
    "author": (pN_("filter", "Author"), pN_("filter", "author")),
    "mentions": (pN_("filter", "Mentions"), pN_("filter", "mentions")),
    "commenter": (pN_("filter", "Commenter"), pN_("filter", "commenter")),
    "involves": (pN_("filter", "Involves"), pN_("filter", "involves")),
    "created": (pN_("filter", "Created"), pN_("filter", "created")),
    "updated": (pN_("filter", "Updated"), pN_("filter", "updated")),
    "closed": (pN_("filter", "Closed"), pN_("filter", "closed")),
    "comments": (pN_("filter", "Comments"), pN_("filter", "comments")),
    "reactions": (pN_("filter", "Reactions"), pN_("filter", "reactions")),
    "no": (pN_("filter", "No"), pN_("filter", "no")),
    "has": (pN_("filter", "Has"), pN_("filter", "has")),
    "blocked": (pN_("filter", "Blocked"), pN_("filter", "blocked")),
    "blocks": (pN_("filter", "Blocks"), pN_("filter", "blocks")),
    "project": (pN_("filter", "Project"), pN_("filter", "project")),
    "changed": (pN_("filter", "Changed"), pN_("filter", "changed")),
    "reopened": (pN_("filter", "Reopened"), pN_("filter", "reopened")),
    "in": (pN_("filter", "In"), pN_("filter", "in")),
}


def filtered(node: Node, names: Mapping[Named, str]) -> tuple[str, str]:
    """What a chip says of one of a query's parts, and what a sentence does: "Label: bug" is label bug."""
    if isinstance(node, Not) and isinstance(node.node, Term):
        return _denied(node.node, names)
    if not isinstance(node, Term) or not _is_plain(node):
        told = formats.quoted(node.text) if isinstance(node, Words) else write(node)
        return told, told
    values = _values(node, names)
    if node.name not in _FIELDS or not values:
        return (_("%(field)s: %(value)s", field=node.name, value=values),) * 2
    title, within = (pgettext(*name) for name in _FIELDS[node.name])
    return (
        _("%(field)s: %(value)s", field=title, value=values),
        _("%(field)s %(value)s", field=within, value=values),
    )


def summary(state: str, total: int | None, most: int, filters: Sequence[str], group: str, sort: str) -> str:
    """What a list shows, all of it: "23 open issues with label bug and due:<today, newest first"."""
    values = {
        "issues": _counted(state, total, most),
        "filters": formats.listed(filters),
        "group": _(GROUPED[group][1]) if group else "",
        "order": _(ORDERS[sort]),
    }
    if filters and group:
        return _("%(issues)s with %(filters)s %(group)s, %(order)s", **values)
    if filters:
        return _("%(issues)s with %(filters)s, %(order)s", **values)
    return _("%(issues)s %(group)s, %(order)s", **values) if group else _("%(issues)s, %(order)s", **values)


def _counted(state: str, total: int | None, most: int) -> str:
    if total is None:
        return _(MORE.get(state, MORE["all"]), number=formats.count(most))
    if state == "open":
        return ngettext("%(num)s open issue", "%(num)s open issues", total)
    if state == "closed":
        return ngettext("%(num)s closed issue", "%(num)s closed issues", total)
    return ngettext("%(num)s issue", "%(num)s issues", total)


def _denied(term: Term, names: Mapping[Named, str]) -> tuple[str, str]:
    values = _values(term, names) if _is_plain(term) else ""
    if not values or term.name not in _FIELDS:
        inner = _("%(field)s: %(value)s", field=term.name, value=values) if _is_plain(term) else write(term)
        return (_("Not %(condition)s", condition=inner),) * 2
    field = pgettext(*_FIELDS[term.name][1])
    return (
        _("Not %(condition)s", condition=_("%(field)s: %(value)s", field=field, value=values)),
        _("not %(condition)s", condition=_("%(field)s %(value)s", field=field, value=values)),
    )


def _is_plain(term: Term) -> bool:
    """Whether it asks for values alone: for no range, and for nothing that follows it."""
    return not term.modifiers and not any(value.sign or value.upto for value in term.values)


def _values(term: Term, names: Mapping[Named, str]) -> str:
    kind = "milestone" if term.name == "milestone" else "person"
    return formats.one_of([_value(one, kind, names) if term.name != "parent" else one.text for one in term.values])


def _value(one: Value, kind: str, names: Mapping[Named, str]) -> str:
    if one.is_name:
        return formats.quoted(one.text)
    if one.text[:1] != "#":
        return one.text
    return names.get((kind, one.text[1:])) or _("number %(id)s", id=one.text[1:])
