from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, and_, bindparam, cast, column, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from webapp.access import Viewer
from webapp.accounts.models import User
from webapp.accounts.rows import Person
from webapp.comments.models import Comment
from webapp.db import AnyRow, AnySelect
from webapp.issues.models import Issue, IssueAssignee, State
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.projects.models import Membership, Project
from webapp.projects.service import visible_to
from webapp.reading import Built, read
from webapp.references.models import Mention
from webapp.timeline.models import Event
from webapp.timeline.telling import told

# Of what somebody has so much, the newest are looked through for what is pressing.
CANDIDATES = 2000
# Activity is told of so many of somebody's projects: those with the latest.
ACTIVE = 20
_NEWEST = Issue.created_at.desc(), Issue.id.desc()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did: an event, or a comment, of which `comment_id` tells."""

    kind: str
    data: dict[str, Any]
    at: datetime
    actor: Person
    project_key: str
    number: int
    title: str
    comment_id: int | None


def work_of(viewer: Viewer, viewed: Sequence[int], today: date, limit: int) -> dict[str, list[IssueRow]]:
    """The issues that wait for somebody, by why they do, each list in its order. One statement for all."""
    said = {"viewed": list(viewed), "soon": today + timedelta(days=7)}
    rows = read(_waiting(viewer, limit), said).all()
    work: dict[str, list[IssueRow]] = {}
    for row in rows:
        work.setdefault(row.section, []).append(listed(row))
    return work


@lru_cache(maxsize=1000)
def _waiting(viewer: Viewer, limit: int) -> Built:
    """The statement, once for everybody: to build it takes longer than to run it."""
    sections = [_assigned(viewer, limit), _mentioned(viewer, limit), _due(viewer, limit), _reported(viewer, limit)]
    found = union_all(*sections, _viewed()).subquery("found")
    waiting = LISTED.add_columns(found.c.section, found.c.place).join(found, found.c.issue_id == Issue.id)
    seen = waiting.join(Project, Project.id == Issue.project_id).where(visible_to(viewer))
    return Built(seen.order_by(found.c.place))


def _viewed() -> AnySelect:
    array = bindparam("viewed", type_=ARRAY(BigInteger))
    each = func.unnest(array).table_valued(column("id", BigInteger), with_ordinality="place", name="looked_at")
    each = each.render_derived()
    return select(literal("viewed"), each.c.id, each.c.place)


def _section(name: str, ids: Any, order: Sequence[Any], limit: int) -> AnySelect:
    """The first of some issues, with why they are shown and in which place."""
    place = func.row_number().over(order_by=order).label("place")
    mine = ids.subquery()
    first = (
        select(literal(name).label("section"), Issue.id.label("issue_id"), place)
        .join(mine, mine.c.issue_id == Issue.id)
        .where(Issue.state == State.OPEN, Issue.deleted_at.is_(None))
        .order_by(place)
        .limit(limit)
        .subquery()
    )
    return select(first)


def _assigned_ids(viewer: Viewer) -> AnySelect:
    own = IssueAssignee.user_id == viewer.id
    return select(IssueAssignee.issue_id).where(own).order_by(IssueAssignee.issue_id.desc()).limit(CANDIDATES)


def _assigned(viewer: Viewer, limit: int) -> AnySelect:
    order = (Issue.priority.desc(), Issue.due_on.nulls_last(), *_NEWEST)
    return _section("assigned", _assigned_ids(viewer), order, limit)


def _mentioned(viewer: Viewer, limit: int) -> AnySelect:
    lately = select(Mention.issue_id, Mention.id).where(Mention.user_id == viewer.id, Mention.actor_id != viewer.id)
    some = lately.order_by(Mention.created_at.desc(), Mention.id.desc()).limit(CANDIDATES).subquery()
    latest = select(some.c.issue_id, func.max(some.c.id).label("last")).group_by(some.c.issue_id).subquery()
    first = (
        select(
            literal("mentioned").label("section"),
            Issue.id.label("issue_id"),
            func.row_number().over(order_by=latest.c.last.desc()).label("place"),
        )
        .join(latest, latest.c.issue_id == Issue.id)
        .where(Issue.state == State.OPEN, Issue.deleted_at.is_(None))
        .order_by(latest.c.last.desc())
        .limit(limit)
        .subquery()
    )
    return select(first)


def _due(viewer: Viewer, limit: int) -> AnySelect:
    soon = Issue.due_on <= bindparam("soon", type_=Date)
    open_ones = Issue.state == State.OPEN, Issue.deleted_at.is_(None), soon
    own = select(Issue.id.label("issue_id")).where(Issue.author_id == viewer.id, *open_ones)
    assigned = _assigned_ids(viewer).subquery()
    given = select(Issue.id).join(assigned, assigned.c.issue_id == Issue.id).where(*open_ones)
    return _section("due", own.union(given), (Issue.due_on, Issue.priority.desc(), Issue.id), limit)


def _reported(viewer: Viewer, limit: int) -> AnySelect:
    own = select(Issue.id.label("issue_id")).where(
        Issue.author_id == viewer.id, Issue.state == State.OPEN, Issue.deleted_at.is_(None)
    )
    return _section("reported", own.order_by(*_NEWEST).limit(limit), _NEWEST, limit)


def activity(viewer: Viewer, limit: int) -> list[Deed]:
    """What was done lately in somebody's projects, the latest first.

    Each project gives its newest events by index, and the newest comments of the issues that moved last.
    """
    return [_deed(row) for row in read(_lately(viewer, limit))]


@lru_cache(maxsize=1000)
def _lately(viewer: Viewer, limit: int) -> Built:
    mine = (
        select(Project.id, Project.key)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.user_id == viewer.id, Project.archived_at.is_(None))
        .order_by(Project.updated_at.desc())
        .limit(ACTIVE)
        .subquery("mine")
    )
    happened = union_all(_events(mine, limit), _comments(mine, limit)).subquery("happened")
    return Built(
        select(happened, User.name, Issue.number, Issue.title)
        .join(User, User.id == happened.c.actor_id)
        .join(Issue, Issue.id == happened.c.issue_id)
        .where(Issue.deleted_at.is_(None))
        .order_by(happened.c.created_at.desc())
        .limit(limit)
    )


def _events(mine: Any, limit: int) -> AnySelect:
    shown = and_(*(Event.kind != kind for kind in ("comment_edited", "comment_deleted", "comment_restored")))
    newest = (
        select(Event.id, Event.kind, Event.data, Event.created_at, Event.actor_id, Event.issue_id)
        .where(Event.project_id == mine.c.id, Event.issue_id.is_not(None), shown)
        .order_by(Event.created_at.desc(), Event.id.desc())
        .limit(limit)
        .lateral("newest")
    )
    columns = (
        newest.c.kind,
        told(newest.c.kind, newest.c.data),
        newest.c.created_at,
        newest.c.actor_id,
        newest.c.issue_id,
    )
    return (
        select(mine.c.key, *columns, cast(null(), BigInteger).label("comment_id"))
        .select_from(mine)
        .join(newest, newest.c.id > 0)
    )


def _comments(mine: Any, limit: int) -> AnySelect:
    moved = (
        select(Issue.id)
        .where(Issue.project_id == mine.c.id, Issue.comment_count > 0, Issue.deleted_at.is_(None))
        .order_by(Issue.updated_at.desc(), Issue.id.desc())
        .limit(limit)
        .lateral("moved")
    )
    last = (
        select(Comment.id, Comment.created_at, Comment.author_id)
        .where(Comment.issue_id == moved.c.id, Comment.deleted_at.is_(None))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(2)
        .lateral("last")
    )
    columns = last.c.created_at, last.c.author_id, moved.c.id
    return (
        select(mine.c.key, literal("commented"), cast(null(), JSONB), *columns, last.c.id)
        .select_from(mine)
        .join(moved, moved.c.id > 0)
        .join(last, last.c.id > 0)
    )


def _deed(row: AnyRow) -> Deed:
    key, kind, data, at, actor, _, comment, name, number, title = row
    return Deed(kind, data or {}, at, Person(actor, name), key, number, title, comment)
