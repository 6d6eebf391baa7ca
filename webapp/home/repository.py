from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    DateTime,
    and_,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect
from webapp.events.kinds import KINDS, Happening, of
from webapp.events.telling import readable_data
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.lists.listed import PLAIN, several
from webapp.members import invitations
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.events import Event
from webapp.models.issues import Issue, IssueAssignee, State
from webapp.models.projects import Membership, Project, ProjectStamp, Stamp
from webapp.models.references import Mention
from webapp.projects.sight import Sight, seen_with
from webapp.reading import Built, Gathered, read

# Of what somebody has so much, the newest are looked through for what is pressing.
CANDIDATES = 2000
# Activity is told of so many of somebody's projects: those with the latest.
ACTIVE = 20
# So many of them a process knows, about a kilobyte each.
DEEDS = 2000
_VIEWER = bindparam("viewer_id", type_=BigInteger)
_NEWEST = Issue.created_at.desc(), Issue.id.desc()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did: an event, or a comment, of which `comment_id` tells.

    `also` is how much more they did to the issue right before, where that is not told by itself.
    """

    happened: Happening | None
    at: datetime
    actor: Person
    project_key: str
    number: int
    title: str
    comment_id: int | None
    also: int = 0

    @property
    def kind(self) -> str:
        return self.happened.kind if self.happened else "commented"

    @property
    def data(self) -> dict[str, Any]:
        """What the event tells, as answers have it."""
        return self.happened.shown() if self.happened else {}


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


def work_of(viewer: Viewer, viewed: Sequence[int], today: date, limit: int) -> dict[str, list[IssueRow]]:
    """The issues that wait for somebody, by why they do, each list in its order. One statement for all."""
    values = {"viewed": list(viewed), "soon": today + timedelta(days=7), "viewer_id": viewer.id}
    rows = read(_waiting(PLAIN, Sight.of(viewer), limit), values)
    issues = several(rows)
    if issues is None:
        rows = read(_waiting(LISTED, Sight.of(viewer), limit), values)
        issues = [listed(row) for row in rows]
    work: dict[str, list[IssueRow]] = {}
    for row, issue in zip(rows, issues, strict=True):
        work.setdefault(row.section, []).append(issue)
    return work


@cache
def _waiting(issues: AnySelect, sight: Sight, limit: int) -> Built:
    """The statement, once: to build it takes longer than to run it. With each issue its project's id, key and
    counters.
    """
    sections = [_assigned(limit), _mentioned(limit), _due(limit), _reported(limit)]
    ids = union_all(*sections, _viewed()).subquery("waiting")
    words = func.coalesce(ProjectStamp.words, 0).label("words")
    people = select(Stamp.people).scalar_subquery().label("people")
    waiting = issues.add_columns(ids.c.section, Project.id, Project.key, words, people)
    waiting = waiting.join(ids, ids.c.issue_id == Issue.id).join(Project, Project.id == Issue.project_id)
    waiting = waiting.outerjoin(ProjectStamp, ProjectStamp.project_id == Project.id)
    return Built(waiting.where(seen_with(sight, _VIEWER)).order_by(ids.c.place))


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


def activity(viewer: Viewer, limit: int) -> list[Deed]:
    """What was done lately in somebody's projects, the latest first.

    Each project gives its newest events by index. What was said is looked for only in issues that moved since the
    last of those that are told.
    """
    deeds: Any = read(_recent(limit), {"viewer_id": viewer.id})
    told: list[Deed] = deeds
    return told


@cache
def _recent(limit: int) -> Gathered[Deed]:
    mine = (
        select(Project.id, Project.key)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.user_id == _VIEWER, Project.archived_at.is_(None))
        .order_by(Project.updated_at.desc())
        .limit(ACTIVE)
        .cte("mine")
    )
    done = _events(mine, limit).cte("done")
    since = select(func.min(done.c.created_at)).having(func.count() == limit).scalar_subquery()
    comments = _comments(mine, func.coalesce(since, cast("-infinity", DateTime(timezone=True))), limit)
    told_of = select(done).with_only_columns(
        done.c.key, done.c.kind, readable_data(done.c.kind, done.c.data), done.c.created_at, done.c.actor_id,
        done.c.name, done.c.avatar, done.c.number, done.c.title, cast(null(), BigInteger).label("comment_id"),
        done.c.id.label("event_id"),
    )  # fmt: skip
    happened = union_all(told_of, comments).subquery("happened")
    # What one act did has one moment.
    latest = happened.c.created_at.desc(), happened.c.event_id.desc(), happened.c.comment_id.desc()
    return Gathered(select(happened).order_by(*latest).limit(limit), _deed, most=DEEDS)


def _events(mine: Any, limit: int) -> AnySelect:
    shown = and_(*(Event.kind != kind for kind, one in KINDS.items() if not one.in_feed))
    newest = (
        select(Event.id, Event.kind, Event.data, Event.created_at, Event.actor_id, Event.issue_id)
        .where(Event.project_id == mine.c.id, Event.issue_id.is_not(None), shown)
        .order_by(Event.created_at.desc(), Event.id.desc())
        .limit(limit)
        .lateral("newest")
    )
    # In order before their issues are looked at, so that no more of those are than are told of.
    latest = (
        select(mine.c.key, newest)
        .join_from(mine, newest, newest.c.id > 0)
        .order_by(newest.c.created_at.desc(), newest.c.id.desc())
        .subquery("latest")
    )
    return (
        select(latest, User.name, User.avatar, Issue.number, Issue.title)
        .join(Issue, Issue.id == latest.c.issue_id)
        .join(User, User.id == latest.c.actor_id)
        .where(Issue.deleted_at.is_(None))
        .order_by(latest.c.created_at.desc(), latest.c.id.desc())
        .limit(limit)
    )


def _comments(mine: Any, since: Any, limit: int) -> AnySelect:
    moved = (
        select(Issue.id, Issue.number, Issue.title)
        .where(Issue.project_id == mine.c.id, Issue.comment_count > 0, Issue.deleted_at.is_(None))
        .where(Issue.updated_at >= since)
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
    return (
        select(
            mine.c.key, literal("commented"), cast(null(), JSONB), last.c.created_at, last.c.author_id, User.name,
            User.avatar, moved.c.number, moved.c.title, last.c.id, cast(null(), BigInteger),
        )
        .select_from(mine)
        .join(moved, moved.c.id > 0)
        .join(last, last.c.id > 0)
        .join(User, User.id == last.c.author_id)
    )  # fmt: skip


def _deed(row: AnyRow) -> Deed:
    key, kind, data, at, actor, name, avatar, number, title, comment, _ = row
    return Deed(
        of(kind, data) if comment is None else None, at, Person(actor, name, avatar), key, number, title, comment
    )
