"""Issues by what is asked of them: a query's text becomes a condition, and that a list."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from webapp import clock, keeping
from webapp.access import Do, Viewer, require
from webapp.errors import Invalid
from webapp.i18n import Whole
from webapp.issues.rows import IssueRow
from webapp.issues.schemas import IssueQuery
from webapp.keeping import Kind, kept
from webapp.lists import beside, grouping, naming, orders, queries, walking
from webapp.lists.asked import Asked
from webapp.lists.asked import asked as what
from webapp.lists.conditions import Condition, Named, Scope, condition, own_id
from webapp.lists.seeking import Sought
from webapp.lists.spoken import text_of
from webapp.lists.walking import Gathering, Walk
from webapp.models.issues import Issue
from webapp.paging import Cut, Key, Place, cut, place
from webapp.projects.service import ProjectRow
from webapp.recent import RecentSet
from webapp.text import times
from webapp.text.query import Node, Term, Unreadable, parts

COUNTED = 1000
# The lists of which a process knows that they are longer than that.
MANY = 60  # seconds
_many = RecentSet(seconds=MANY, most=10_000)


def sought(text: str, project: ProjectRow | None, by: Viewer | None) -> Sought:
    """What a text asks for, in a project or in all that `by` sees. Raises Invalid on `q`, saying where and why."""
    try:
        asked = what(text)
        if project is None or not asked.lasts:
            return _sought(asked, project, by)
        if asked.state is not None:
            where = partial(queries.is_in_state, project.id, asked.state)
            return Sought(asked, where, lambda order: Walk(where(), order), {project.id: project.key}, (), where)
        return kept(_SOUGHT, (project.id, text), project.edition, lambda: _sought(asked, project, by))
    except Unreadable as error:
        raise Invalid.on("q", Whole(error)) from None


# The names looked up, and the condition as it was built of them: of what takes most room, half of this was measured.
_SOUGHT: Kind[Sought] = Kind(
    "sought",
    size=lambda wanted: 12_000 + 2_200 * len(wanted.text),
    comparable=lambda wanted: f"{wanted.text} {wanted.unknown}",
)


def _sought(asked: Asked, project: ProjectRow | None, by: Viewer | None) -> Sought:
    projects = {project.id: project.key} if project else queries.projects_seen_by(by)
    named = naming.named(asked.names, projects) if asked.names else naming.NOTHING
    scope = Scope(projects, by, times.now_in(by.time_zone if by else None), named.ids)
    here = Issue.project_id == project.id if project else Issue.project_id.in_(projects)
    here &= Issue.deleted_at.is_(None)
    where = here & condition(asked.tree, scope)
    unknown = [name for name in asked.names if name not in named.ids]
    walks, is_tied = replace(scope, walks=True), walking.is_tied(asked.tree)

    def walked(order: orders.Order) -> Walk:
        if project is None or asked.group or asked.sort not in orders.WALKED or not is_tied:
            return Walk(where, order)
        carried = named.carried if asked.sort in orders.BY_MAKING else {}
        return walking.walk(asked.tree, here, walks, order, carried, project)

    def along() -> Condition:
        return here & condition(asked.tree, walks) if is_tied else where

    def led(counted: int) -> Gathering | None:
        if project is None:
            return None
        return walking.led_gathering(asked.tree, where, here, walks, named.carried, project, counted)

    return Sought(asked, lambda: where, walked, projects, unknown, along, led)


def gathering(wanted: Sought, most: int, counted: int) -> Gathering:
    """How to find all that it asks for at once, if they are few: up to `most`, where nothing else leads to them.

    Whoever walks instead counts up to `counted`.
    """
    return wanted.led(counted) or walking.gathering(wanted.where, most)


def lasts(query: IssueQuery) -> bool:
    """Whether it finds the same in a project, whoever asks, until that changes."""
    try:
        return what(text_of(query)).lasts
    except Unreadable:
        return False


def canonical(text: str) -> str:
    """A query as it is written again once it was read. Raises Invalid on `q`."""
    try:
        return what(text).text
    except Unreadable as error:
        raise Invalid.on("q", Whole(error)) from None


def listing(project: ProjectRow | None, query: IssueQuery, by: Viewer | None) -> tuple[Cut[IssueRow], Sought]:
    """The issues that a query finds in a project, or in all that `by` sees, and what it was read as."""
    if project is not None:
        require(by, Do.SEE, project)
    wanted = sought(text_of(query), project, by)
    if project is None or not wanted.asked.lasts:
        return replace(_part(project, wanted, query, by), warnings=wanted.warnings), wanted
    where = project.id, wanted.text, query.cursor, query.limit
    page = kept(_LISTS, where, project.edition, lambda: _part(project, wanted, query, by))
    return replace(page, warnings=wanted.warnings), wanted  # its addresses are the reader's


def _part(project: ProjectRow | None, wanted: Sought, query: IssueQuery, by: Viewer | None) -> Cut[IssueRow]:
    order = _order(project, wanted)
    at = place(query.cursor, *(grouping.TYPES if order.group else ()), *order.types)
    if project is not None and wanted.state and not order.group:
        rows = queries.in_state(project, wanted.state, wanted.sort, at, query.limit + 1)
        found = queries.Found(rows, _counted(project, wanted))
    else:
        found = _narrowed(project, wanted, order, at, query.limit + 1, by)
    page = cut(found.issues, query.limit, at, lambda row: (*_group_key(found, row), *order.key(row)))
    whole = query.cursor is None and len(found.issues) <= query.limit
    page.total = len(found.issues) if whole else found.total
    if not order.group:
        return page
    return grouping.divided(page, wanted.group, found.places, _before(found, at, query.limit))


def _order(project: ProjectRow | None, wanted: Sought) -> orders.Order:
    return orders.order(wanted.sort, wanted.group, everywhere=project is None)


def _group_key(found: queries.Found, row: IssueRow) -> Key:
    return found.places[row.id].key if found.places else ()


def _before(found: queries.Found, at: Place | None, limit: int) -> Key | None:
    """The key of the group in which the page before ended: the one at whose end this begins, or of the one row more
    that was read backwards.
    """
    if at is None or not at.backwards:
        return at.key[: len(grouping.TYPES)] if at else None
    return found.places[found.issues[limit].id].key if len(found.issues) > limit else None


def _narrowed(
    project: ProjectRow | None, wanted: Sought, order: orders.Order, at: Place | None, limit: int, by: Viewer | None
) -> queries.Found:
    """Issues from a place on, and how many there are.

    Where they are no more than are counted, they are gathered once for both; a longer list is read in its own order,
    no further than it is shown.
    """
    how = order, wanted.sort.endswith("desc"), at, limit
    long = _long(wanted, by)
    if not _many.has(long):
        found = queries.few(wanted.where, *how, COUNTED, project)
        if found.total is None or found.total > COUNTED:
            _many.add(long)
        elif found.issues or at is None:
            return found
    way = wanted.walked(order)
    found = queries.matching(way.where, way.order, *how[1:], project)
    return replace(found, total=_total(project, wanted, by))


# Rows as they were read, and once somebody asked for it their JSON: measured at 50 of them.
_LISTS: Kind[Cut[IssueRow]] = Kind(
    "list",
    size=lambda page: 3_000 * len(page.items),
    comparable=lambda page: "\n".join(map(str, (page.total, page.before, page.after, *page.items))),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an issue is in a list: between which numbers, and the how-manieth of how many.

    `position` is None for an issue that the query does not find, and beyond what is counted, as `total` is.
    """

    before: int | None
    after: int | None
    position: int | None
    total: int | None


def standing(issue: IssueRow, text: str, project: ProjectRow, by: Viewer | None) -> Standing:
    """Where an issue stands in the list that a query finds. Raises Invalid on `q`.

    In one that is divided and longer than is counted, nobody knows: all of it would be put in order for that.
    """
    wanted = sought(text, project, by)
    at = _neighbours(issue, wanted, _order(project, wanted), by)
    if at is None:
        return Standing(None, None, None, None)
    if not at.is_there or at.preceding == COUNTED:
        return Standing(at.before, at.after, None, None)
    return Standing(at.before, at.after, at.preceding + 1, _total(project, wanted, by))


def _neighbours(issue: IssueRow, wanted: Sought, order: orders.Order, by: Viewer | None) -> beside.Neighbours | None:
    how = wanted.sort.endswith("desc"), issue, COUNTED
    long = _long(wanted, by)
    if not order.group:
        way = wanted.walked(order) if _many.has(long) else Walk(wanted.where, order)
        return beside.neighbours(way.where, way.order, *how)
    if _many.has(long):
        keeping.true_until(clock.now() + timedelta(seconds=MANY))
        return None
    at = beside.neighbours_in_groups(wanted.where, order, *how)
    if at is None:
        _many.add(long)
    return at


def choices(project: ProjectRow, most: int = naming.OFFERED) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What the list's filters offer, as values and words, by field: the first `most` of each.

    All of it is the project's words, and names.
    """
    words = project.words, project.people
    return kept(_CHOICES, (project.id, most), words, lambda: naming.choices(project.id, most))


Choices = Mapping[str, Sequence[tuple[str, str]]]
# Some hundred bytes for each value with its word.
_CHOICES: Kind[Choices] = Kind("choices", lambda found: 300 * sum(map(len, found.values())), repr)


def called(wanted: Sought) -> Mapping[Named, str]:
    """What the milestones and people are called that the query gives by their ids, if they are of its projects."""
    return naming.titles(list(_by_id(wanted.tree)), wanted.projects)


def _by_id(tree: Node) -> Sequence[Named]:
    kinds = {"author": "person", "assignee": "person", "milestone": "milestone"}
    terms = [node for node in parts(tree) if isinstance(node, Term) and node.name in kinds]
    ids = [(kinds[term.name], own_id(value)) for term in terms for value in term.values]
    return [(kind, str(id)) for kind, id in ids if id is not None]


def _total(project: ProjectRow | None, wanted: Sought, by: Viewer | None) -> int | None:
    """From the project's own counters where only the state is asked for; else counted, up to a bound.

    To count that far is most of the work for a long list. That there are more is therefore remembered for a while:
    it seldom becomes wrong, while a number that can be given is always counted.
    """
    if project is not None and (counted := _counted(project, wanted)) is not None:
        return counted
    long = _long(wanted, by)
    if _many.has(long):
        keeping.true_until(clock.now() + timedelta(seconds=MANY))
        return None
    total = queries.count_matching(wanted.where, COUNTED + 1)
    if total <= COUNTED:
        return total
    _many.add(long)
    return None


def _long(wanted: Sought, by: Viewer | None) -> Hashable:
    """Under what it is remembered that a list is long."""
    return tuple(wanted.projects), by and by.id, wanted.text


def _counted(project: ProjectRow, wanted: Sought) -> int | None:
    counts = {"open": project.open_issues, "closed": project.closed_issues}
    return sum(counts.values()) if wanted.state == "all" else counts.get(wanted.state or "")


def latest(project: ProjectRow, by: Viewer | None) -> Sequence[IssueRow]:
    """The ten issues of a project with the newest activity."""
    require(by, Do.SEE, project)
    return kept(_LATEST, project.id, project.edition, lambda: queries.in_state(project, "all", _NEWEST, None, 10))


_NEWEST = "updated-desc"
_LATEST: Kind[Sequence[IssueRow]] = Kind(
    "latest", size=lambda issues: 3_000 * len(issues), comparable=lambda issues: "\n".join(map(str, issues))
)


def recent(by: Viewer | None) -> Sequence[IssueRow]:
    """The issues with the newest activity in all projects that `by` sees."""
    return queries.latest_seen_by(by, 10)
