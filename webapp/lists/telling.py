"""A query in words: what its filters are called on chips, and within the sentence that says what a list shows."""

from collections.abc import Mapping, Sequence

from webapp.i18n import N_, _, formats, ngettext
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
    "is": (N_("Is"), N_("is")),
    "state": (N_("State"), N_("state")),
    "reason": (N_("Reason"), N_("reason")),
    "resolution": (N_("Resolution"), N_("resolution")),
    "status": (N_("Status"), N_("status")),
    "label": (N_("Label"), N_("label")),
    "assignee": (N_("Assignee"), N_("assignee")),
    "milestone": (N_("Milestone"), N_("milestone")),
    "start": (N_("Start"), N_("start")),
    "due": (N_("Due"), N_("due")),
    "priority": (N_("Priority"), N_("priority")),
    "estimate": (N_("Estimate"), N_("estimate")),
    "parent": (N_("Parent"), N_("parent")),
    "author": (N_("Author"), N_("author")),
    "mentions": (N_("Mentions"), N_("mentions")),
    "commenter": (N_("Commenter"), N_("commenter")),
    "involves": (N_("Involves"), N_("involves")),
    "created": (N_("Created"), N_("created")),
    "updated": (N_("Updated"), N_("updated")),
    "closed": (N_("Closed"), N_("closed")),
    "comments": (N_("Comments"), N_("comments")),
    "reactions": (N_("Reactions"), N_("reactions")),
    "no": (N_("No"), N_("no")),
    "has": (N_("Has"), N_("has")),
    "blocked": (N_("Blocked"), N_("blocked")),
    "blocks": (N_("Blocks"), N_("blocks")),
    "project": (N_("Project"), N_("project")),
    "changed": (N_("Changed"), N_("changed")),
    "reopened": (N_("Reopened"), N_("reopened")),
    "in": (N_("In"), N_("in")),
}


def filtered(node: Node, names: Mapping[Named, str]) -> tuple[str, str]:
    """What a chip says of one of a query's parts, and what a sentence does: "Label: bug" is label bug."""
    if isinstance(node, Not) and isinstance(node.node, Term):
        return _denied(node.node, names)
    if not isinstance(node, Term) or not _is_plain(node):
        told = f"“{node.text}”" if isinstance(node, Words) else write(node)
        return told, told
    values = _values(node, names)
    if node.name not in _FIELDS or not values:
        return (f"{node.name.capitalize()}: {values}",) * 2
    title, within = map(_, _FIELDS[node.name])
    return (
        _("%(field)s: %(value)s", field=title, value=values),
        _("%(field)s %(value)s", field=within, value=values),
    )


def summary(state: str, total: int | None, most: int, filters: Sequence[str], group: str, sort: str) -> str:
    """What a list shows, all of it: "23 open issues with label bug and due:<today, newest first"."""
    values = {
        "issues": _counted(state, total, most),
        "filters": _(" and ").join(filters),
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
    values = _values(term, names).lower() if _is_plain(term) else ""
    if not values or term.name not in _FIELDS:
        inner = f"{term.name}: {values}" if _is_plain(term) else write(term).lower()
        return (_("Not %(condition)s", condition=inner),) * 2
    field = _(_FIELDS[term.name][1])
    return (
        _("Not %(condition)s", condition=_("%(field)s: %(value)s", field=field, value=values)),
        _("not %(condition)s", condition=_("%(field)s %(value)s", field=field, value=values)),
    )


def _is_plain(term: Term) -> bool:
    """Whether it asks for values alone: for no range, and for nothing that follows it."""
    return not term.modifiers and not any(value.sign or value.upto for value in term.values)


def _values(term: Term, names: Mapping[Named, str]) -> str:
    kind = "milestone" if term.name == "milestone" else "person"
    return _(" or ").join(_value(one, kind, names) if term.name != "parent" else one.text for one in term.values)


def _value(one: Value, kind: str, names: Mapping[Named, str]) -> str:
    if one.is_name:
        return f"“{one.text}”"
    if one.text[:1] != "#":
        return one.text
    return names.get((kind, one.text[1:])) or _("number %(id)s", id=one.text[1:])
