from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    bindparam,
    column,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from webapp.access import Viewer
from webapp.db import AnySelect
from webapp.home import news
from webapp.home.news import Deed
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.lists.listed import PLAIN, several
from webapp.members import invitations
from webapp.models.issues import Issue, IssueAssignee, State
from webapp.models.projects import Project, ProjectStamp, Stamp
from webapp.models.references import Mention
from webapp.projects.rows import ProjectRow, as_seen_by
from webapp.projects.sight import Sight, seen_with
from webapp.reading import Built, Lines, read

# Of what somebody has so much, the newest are looked through for what is pressing.
CANDIDATES = 2000
# So many projects as somebody sees them a process knows: a kilobyte each, or twenty with a long description.
PROJECTS_KNOWN = 200
_VIEWER = bindparam("viewer_id", type_=BigInteger)
_NEWEST = Issue.created_at.desc(), Issue.id.desc()


def edition(viewer: Viewer | None, most: int) -> str | None:
    """A word that is another one as soon as somebody's page would be; None if they are invited, or see more projects.

    It rests on the counters of all projects that they see, and of people.
    """
    values = {"viewer_id": viewer.id if viewer else 0, "most": most}
    number, said, is_invited = read(_edition(Sight.of(viewer)), values).one()
    return said if number <= most and not is_invited else None


@cache
def _edition(sight: Sight) -> Built:
    counters = func.coalesce(ProjectStamp.stamp, 0), func.coalesce(ProjectStamp.words, 0)
    seen = (
        select(Project.id, func.concat_ws(" ", Project.id, *counters).label("counted"))
        .outerjoin(ProjectStamp, ProjectStamp.project_id == Project.id)
        .where(seen_with(sight, _VIEWER))
        .order_by(Project.id)
        .limit(bindparam("most", type_=BigInteger) + 1)
        .subquery("seen")
    )
    each = func.string_agg(seen.c.counted, aggregate_order_by(literal_column("';'"), seen.c.id))
    people = select(Stamp.people).scalar_subquery()
    invited = false() if sight is Sight.NOBODY else invitations.waits_for(_VIEWER)
    return Built(select(func.count(), func.concat_ws(" ", people, func.md5(each)), invited).select_from(seen))


@dataclass(frozen=True, slots=True)
class Found:
    """The first projects that somebody sees, what was done there lately, and the issues that wait for them: each list
    in its order, by why they do.
    """

    projects: Sequence[ProjectRow]
    deeds: Sequence[Deed]
    work: Mapping[str, Sequence[IssueRow]]


@dataclass(frozen=True, slots=True)
class Most:
    """How many there are at most of each."""

    projects: int
    deeds: int
    issues: int


def found(viewer: Viewer, viewed: Sequence[int], today: date, most: Most) -> Found:
    """What is on the first page of somebody who looked at these issues lately. One statement for all."""
    sight = Sight.of(viewer)
    values = {"viewed": list(viewed), "soon": today + timedelta(days=7), "viewer_id": viewer.id}
    rows = read(_page(sight, most), values)
    told = {row.section: row.told for row in rows if row.place is None}
    waiting = [row for row in rows if row.place is not None]
    issues = several(waiting)
    if issues is None:
        waiting = read(Built(_waiting(LISTED, sight, most.issues)), values)
        issues = [listed(row) for row in waiting]
    work: dict[str, list[IssueRow]] = {}
    for row, issue in zip(waiting, issues, strict=True):
        work.setdefault(row.section, []).append(issue)
    return Found(_projects(sight, most.projects).of(told["projects"]), _deeds(most.deeds).of(told["deeds"]), work)


@cache
def _page(sight: Sight, most: Most) -> Built:
    """The statement, once: to build it takes longer than to run it."""
    parts: dict[str, Lines[Any]] = {"projects": _projects(sight, most.projects), "deeds": _deeds(most.deeds)}
    waiting = _waiting(PLAIN, sight, most.issues)
    nothing = [null()] * (len(waiting.selected_columns) - 2)
    texts = [select(part.told, literal(name), *nothing) for name, part in parts.items()]
    whole = union_all(waiting, *texts).subquery("found")
    return Built(select(whole).order_by(whole.c.place))


@cache
def _projects(sight: Sight, limit: int) -> Lines[ProjectRow]:
    seen = as_seen_by(_VIEWER).where(seen_with(sight, _VIEWER), Project.archived_at.is_(None))
    first = seen.order_by(Project.sort_key, Project.id).limit(limit)
    return Lines(first, lambda row: ProjectRow(*row), PROJECTS_KNOWN)


@cache
def _deeds(limit: int) -> Lines[Deed]:
    return news.deeds(_VIEWER, limit)


def _waiting(issues: AnySelect, sight: Sight, limit: int) -> AnySelect:
    """The issues that wait for somebody, with the id, key and counters of their projects, why they do, and in which
    place.
    """
    sections = [_assigned(limit), _mentioned(limit), _due(limit), _reported(limit)]
    ids = union_all(*sections, _viewed()).subquery("waiting")
    words = func.coalesce(ProjectStamp.words, 0).label("words")
    people = select(Stamp.people).scalar_subquery().label("people")
    waiting = issues.add_columns(ids.c.section, Project.id, Project.key, words, people, ids.c.place)
    waiting = waiting.join(ids, ids.c.issue_id == Issue.id).join(Project, Project.id == Issue.project_id)
    waiting = waiting.outerjoin(ProjectStamp, ProjectStamp.project_id == Project.id)
    return waiting.where(seen_with(sight, _VIEWER)).order_by(ids.c.place)


def _viewed() -> AnySelect:
    array = bindparam("viewed", type_=ARRAY(BigInteger))
    each = func.unnest(array).table_valued(column("id", BigInteger), with_ordinality="place", name="looked_at")
    each = each.render_derived()
    return select(literal("viewed"), each.c.id, each.c.place)


def _section(name: str, rows: Any, order: Sequence[Any], limit: int) -> AnySelect:
    """The first of some issues, with why they are shown and in which place."""
    place = func.row_number().over(order_by=order).label("place")
    first = select(literal(name).label("section"), rows.c.issue_id, place).order_by(place).limit(limit)
    return select(first.subquery())


# What decides about the place of an issue, read once with it.
_PLACED = Issue.id.label("issue_id"), Issue.priority, Issue.due_on, Issue.created_at
_OPEN = Issue.state == State.OPEN, Issue.deleted_at.is_(None)
# The open ones: those that have a place on boards.
_ASSIGNED = (
    select(*_PLACED)
    .join(IssueAssignee, IssueAssignee.issue_id == Issue.id)
    .where(IssueAssignee.user_id == _VIEWER, IssueAssignee.place.is_not(None), *_OPEN)
    .order_by(IssueAssignee.issue_id.desc())
    .limit(CANDIDATES)
    .cte("assigned")
)


def _assigned(limit: int) -> AnySelect:
    mine = _ASSIGNED.c
    order = mine.priority.desc(), mine.due_on.nulls_last(), mine.created_at.desc(), mine.issue_id.desc()
    return _section("assigned", _ASSIGNED, order, limit)


def _mentioned(limit: int) -> AnySelect:
    recent = select(Mention.issue_id, Mention.id).where(Mention.user_id == _VIEWER, Mention.actor_id != _VIEWER)
    some = recent.order_by(Mention.created_at.desc(), Mention.id.desc()).limit(CANDIDATES).subquery()
    latest = select(some.c.issue_id, func.max(some.c.id).label("last")).group_by(some.c.issue_id).subquery()
    first = (
        select(
            literal("mentioned").label("section"),
            Issue.id.label("issue_id"),
            func.row_number().over(order_by=latest.c.last.desc()).label("place"),
        )
        .join(latest, latest.c.issue_id == Issue.id)
        .where(*_OPEN)
        .order_by(latest.c.last.desc())
        .limit(limit)
        .subquery()
    )
    return select(first)


def _due(limit: int) -> AnySelect:
    soon = bindparam("soon", type_=Date)
    own = select(*_PLACED).where(Issue.author_id == _VIEWER, *_OPEN, Issue.due_on <= soon)
    both = own.union(select(_ASSIGNED).where(_ASSIGNED.c.due_on <= soon)).subquery("due")
    return _section("due", both, (both.c.due_on, both.c.priority.desc(), both.c.issue_id), limit)


def _reported(limit: int) -> AnySelect:
    own = select(*_PLACED).where(Issue.author_id == _VIEWER, *_OPEN).order_by(*_NEWEST).limit(limit)
    rows = own.subquery("reported")
    return _section("reported", rows, (rows.c.created_at.desc(), rows.c.issue_id.desc()), limit)
