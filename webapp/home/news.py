"""What was done lately in somebody's projects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, and_, cast, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect
from webapp.events.kinds import KINDS, Happening, of
from webapp.events.telling import readable_data
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.events import Event
from webapp.models.issues import Issue
from webapp.models.projects import Membership, Project
from webapp.reading import Lines

# It is told of so many of somebody's projects: those with the latest.
ACTIVE = 20
# So many of what was done a process knows, about a kilobyte each.
DEEDS_KNOWN = 1_000


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


def deeds(viewer_id: Any, limit: int) -> Lines[Deed]:
    """What was done lately in somebody's projects, the latest first, as a part of a statement.

    Each project gives its newest events by index. What was said is looked for only in issues that moved since the
    last of those that are told.
    """
    mine = (
        select(Project.id, Project.key)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.user_id == viewer_id, Project.archived_at.is_(None))
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
    return Lines(select(happened).order_by(*latest).limit(limit), _deed, DEEDS_KNOWN)


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
