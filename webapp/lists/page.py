"""A list's query as its page shows it: the form, the active filters, and the addresses of lists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from webapp import keeping
from webapp.access import Viewer
from webapp.approval import service as approval
from webapp.errors import Invalid
from webapp.http.addresses import led_by
from webapp.http.application import asked
from webapp.i18n import _
from webapp.issues import linking
from webapp.issues.fields import PLAIN
from webapp.issues.rows import IssueDetail, IssueRow
from webapp.issues.schemas import FilterQuery, IssueQuery
from webapp.keeping import Kind
from webapp.lists import service as lists
from webapp.lists import telling
from webapp.lists.asked import NEWEST_FIRST, in_order
from webapp.lists.seeking import Sought
from webapp.lists.service import Standing
from webapp.lists.vocabulary import FIELDS, Named
from webapp.paging import Cut
from webapp.projects.service import ProjectRow
from webapp.text.query import (
    Node,
    Term,
    Unreadable,
    Value,
    called,
    choice,
    chosen,
    parse,
    parts,
    together,
    write,
)

STATES = ("open", "closed", "all")
CHOSEN = ("status", "label", "assignee", "milestone", "priority")


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: what it says, where the list is without it, and what it says within a sentence."""

    text: str
    without: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Where the issues before and after one are in a list, the list, and how far on in it one is.

    From a board only the way back is known, and `at` is None.
    """

    previous: str | None
    following: str | None
    all: str
    at: Standing | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list's page shows of its query."""

    text: str
    state: str
    sort: str
    group: Chip | None
    chips: Sequence[Chip]
    chosen: Mapping[str, str]
    states: Sequence[tuple[str, str]]

    def summary(self, total: int | None) -> str:
        """What the list shows, all of it: "23 open issues with label bug and due:<today, newest first"."""
        told = [chip.told for chip in self.chips]
        return telling.summary(self.state, total, lists.COUNTED, told, self.chosen["group"], self.sort)


# Some addresses and words, which the text of a query says; each is told to many.
_SHOWN: Kind[Filters] = Kind("filters", lambda _filters: 2_000, repr)


def shown(project: ProjectRow | None, wanted: Sought) -> Filters:
    """A query as the form and the links above the list."""
    names = lists.called(wanted)
    at = project and (project.key, project.default_view_id is None), request.args.get("view"), wanted.text
    return keeping.kept(_SHOWN, at, tuple(names.items()), lambda: _shown(project, wanted, names))


def _shown(project: ProjectRow | None, wanted: Sought, names: Mapping[Named, str]) -> Filters:
    nodes = parts(wanted.tree)
    return Filters(
        text=wanted.text,
        state=_state(nodes),
        sort=wanted.sort,
        group=_group(project, wanted),
        chips=[_chip(project, wanted, node, names) for node in nodes if not _is_state(node)],
        chosen={name: _offered(name, _chosen(wanted.tree, name), names) for name in CHOSEN} | {"group": wanted.group},
        states=[(state, _in_state(project, wanted, state)) for state in STATES],
    )


def address(project: ProjectRow | None, text: str, **values: Any) -> str:
    """Where the list of a query is, with the saved view that is open. What a list shows anyway is left out."""
    view = request.args.get("view") or None
    opens_open = view is None and (project is None or project.default_view_id is None)
    asked: dict[str, Any] = {} if text == "is:open" and opens_open else {"q": text or "is:all", "view": view}
    if project is None:
        return url_for("all_issues.index", **asked, **values)
    return url_for("issues.index", project=project.key, **asked, **values)


def listing(project: ProjectRow | None, query: IssueQuery, by: Viewer | None) -> tuple[Cut[IssueRow], Sought]:
    """The issues that a query finds, with the addresses of those beside them, and what the query was read as."""
    page, wanted = lists.listing(project, query, by)
    limit = query.limit if query.limit != 50 else None
    page.next, page.previous = (
        address(project, wanted.text, limit=limit, cursor=cursor) if cursor else None
        for cursor in (page.after, page.before)
    )
    return page, wanted


def chosen_text(query: FilterQuery) -> str:
    """The text of a filter form: its words, with what was chosen in place of what the words said before.

    A choice that was left as it was leaves the words as they are typed.
    """
    try:
        before, tree = parse(query.was, FIELDS), parse(query.q, FIELDS)
    except Unreadable:
        return query.q
    nodes = list(parts(tree))
    for name in (*CHOSEN, "sort", "group"):
        new = getattr(query, name)
        if new != (_chosen(before, name) or (NEWEST_FIRST if name == "sort" else "")):
            nodes = [node for node in nodes if not (isinstance(node, Term) and node.name == name)]
            nodes += [Term(name, (chosen(new),))] if new else []
    return write(together(nodes))


def beside(project: ProjectRow, issue: IssueDetail, by: Viewer | None) -> Beside | None:
    """The way on from an issue through the list that led to it, and back there; None where no list did."""
    leading = led_by(asked())
    if leading is None or leading.board:
        return None
    try:
        at = lists.standing(issue, leading.text, project, by)
    except Invalid:
        return None
    lead: dict[str, Any] = {"project": project.key, "q": leading.text}
    previous, following = (
        url_for("issues.show", number=one, **lead) if one else None for one in (at.before, at.after)
    )
    return Beside(previous, following, address(project, leading.text, _anchor=issue.key), at)


def fields(issue: IssueDetail, names: Collection[str] = ("parent",)) -> dict[str, Any]:
    """An issue as the values of its form, which has these fields among others.

    What it is a part of stands there even where that is in the trash, and is looked up only for that. Who sees it is,
    while it is held, who is to see it then.
    """
    parent = issue.parent or (linking.lost_parent(issue) if "parent" in names else None)
    return {
        **{name: getattr(issue, name) for name in PLAIN},
        "private": approval.is_private(issue.id) if issue.held else issue.private,
        "body": issue.body,
        "labels": [label.name for label in issue.labels],
        "assignees": [person.id for person in issue.assignees],
        "status": issue.status,
        "milestone": issue.milestone and issue.milestone.id,
        "parent": parent and parent.number,
        "version": issue.version,
    }


def _is_state(node: Node) -> bool:
    return isinstance(node, Term) and node.name in ("is", "state") and node.values[0].text in STATES


def _state(nodes: Sequence[Node]) -> str:
    said = [node.values[0].text for node in nodes if isinstance(node, Term) and _is_state(node)]
    return said[0] if len(said) == 1 else "" if said else "all"


def _in_state(project: ProjectRow | None, wanted: Sought, state: str) -> str:
    others = [node for node in parts(wanted.tree) if not _is_state(node)]
    term = [Term("is", (Value(state),))] if state != "all" or not others else []
    return address(project, _with_order(together([*term, *others]), wanted))


def _chip(project: ProjectRow | None, wanted: Sought, node: Node, names: Mapping[Named, str]) -> Chip:
    rest = together(one for one in parts(wanted.tree) if one is not node)
    text, told = telling.filtered(node, names)
    return Chip(text, address(project, _with_order(rest, wanted)), told)


def _group(project: ProjectRow | None, wanted: Sought) -> Chip | None:
    """What the list is divided by, and where it is in one piece."""
    whole = in_order(write(wanted.tree), wanted.sort, "")
    return Chip(_(telling.GROUPED[wanted.group][0]), address(project, whole)) if wanted.group else None


def _offered(name: str, chosen: str, names: Mapping[Named, str]) -> str:
    """What a field's choices call a value that the query gives by its id."""
    title = names.get((name, chosen[1:])) if chosen[:1] == "#" else None
    return chosen if title is None else choice(called(title))


def _with_order(tree: Node, wanted: Sought) -> str:
    return in_order(write(tree), wanted.sort, wanted.group)


def _chosen(tree: Node, name: str) -> str:
    """The one plain value that a query gives a field, as a form holds it.

    Empty where it says none, or more than a list can show.
    """
    terms = [node for node in parts(tree) if isinstance(node, Term) and node.name == name]
    if len(terms) != 1 or len(terms[0].values) != 1:
        return ""
    said = terms[0].values[0]
    return "" if said.sign or said.upto is not None else choice(said)
