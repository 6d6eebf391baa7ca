"""What a mail about issues tells, read when it is sent."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ARRAY, BigInteger, ColumnElement, and_, bindparam, case, exists, func, or_, select

from webapp.db import AnySelect
from webapp.events.kinds import Assigned, Described, Opened, of
from webapp.events.telling import comment_of, readable_data
from webapp.hearing.deciding import TEXTS
from webapp.hearing.rows import HEARD, OF_COMMENTS, Delivered, Told
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.deliveries import Delivery, Outcome
from webapp.models.events import Event
from webapp.models.inbox import Reason
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.models.references import Mention
from webapp.models.watching import IssueWatch, Level, ProjectWatch
from webapp.projects.sight import seen_by_each
from webapp.reading import Built, Text, read

_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_OF_ISSUES = (Opened.kind, Described.kind)
_WITHIN = and_(
    Event.issue_id == Delivery.issue_id,
    Event.change_id == Delivery.change_id,
    Event.id.between(Delivery.event_id, Delivery.last_event_id),
)


def _is_meant() -> ColumnElement[bool]:
    """That the issue became the reader's, or no longer is, or that a text names them since then."""
    named = exists().where(
        Mention.issue_id == Delivery.issue_id,
        Mention.user_id == Delivery.user_id,
        Mention.created_at == Event.created_at,
    )
    is_named = and_(Event.kind.in_([one.kind for one in TEXTS]), named.correlate(Delivery, Event))
    is_theirs = and_(Delivery.reason == Reason.ASSIGNED, Event.kind.in_((Assigned.kind, Opened.kind)))
    return exists().where(_WITHIN, or_(is_theirs, is_named)).correlate(Delivery)


def _delivered() -> AnySelect:
    chosen = and_(IssueWatch.issue_id == Issue.id, IssueWatch.user_id == Delivery.user_id)
    of_project = and_(ProjectWatch.project_id == Project.id, ProjectWatch.user_id == Delivery.user_id)
    return (
        select(
            Delivery.id, Delivery.user_id, Delivery.reason, Delivery.news,
            Issue.id.label("issue_id"), Issue.number, Issue.title,
            Project.id.label("project_id"), Project.key, Project.name,
            func.coalesce(Issue.deleted_at, Project.archived_at).is_not(None).label("is_gone"),
            seen_by_each().label("is_seen"), _is_meant().label("is_meant"), Project.private_role,
            IssueWatch.level.label("level"), ProjectWatch.level.label("project_level"),
        )
        .join(User, User.id == Delivery.user_id)
        .outerjoin(Issue, Issue.id == Delivery.issue_id)
        .outerjoin(Project, Project.id == Issue.project_id)
        .outerjoin(IssueWatch, chosen)
        .outerjoin(ProjectWatch, of_project)
        .where(Delivery.id == func.any(_IDS), Delivery.state == Outcome.WAITING)
        .order_by(Delivery.id)
    )  # fmt: skip


_DELIVERED = Built(_delivered())


def delivered(ids: Collection[int]) -> list[Delivered]:
    """Those of these deliveries that wait, with what their issues are now."""
    rows = read(_DELIVERED, {"ids": list(ids)})
    return [Delivered(*(*row[:-2], _level(row.level), _level(row.project_level))) for row in rows]


def _level(stored: str | None) -> Level | None:
    return Level(stored) if stored else None


def _happened() -> AnySelect:
    """The events of some deliveries, with who did it and what they wrote."""
    written = case((Event.kind.in_(OF_COMMENTS), Comment.body), (Event.kind.in_(_OF_ISSUES), Issue.body), else_="")
    about = and_(Event.kind.in_(OF_COMMENTS), Comment.id == comment_of(Event.data))
    return (
        select(
            Event.id, Event.issue_id, Event.kind, readable_data(), Event.created_at, User.name.label("who"),
            written.label("written"), Comment.deleted_at.is_not(None).label("is_gone"), Comment.private,
        )
        .select_from(Delivery)
        .join(Event, _WITHIN)
        .join(Issue, Issue.id == Event.issue_id)
        .join(User, User.id == Event.actor_id)
        .outerjoin(Comment, about)
        .where(Delivery.id == func.any(_IDS))
        .order_by(Event.id)
        .limit(bindparam("most", type_=BigInteger))
    )  # fmt: skip


_HAPPENED = Built(_happened())


def happened(ids: Collection[int], most: int) -> list[Told]:
    """What these deliveries tell, in its order; of a comment that is gone nothing."""
    rows = read(_HAPPENED, {"ids": list(ids), "most": most})
    return [
        Told(
            row.id,
            row.issue_id,
            row.who,
            row.created_at,
            of(row.kind, row.data),
            row.written or "",
            bool(row.private),
        )
        for row in rows
        if row.kind in HEARD and not row.is_gone
    ]


_DROPPING = Text(
    "UPDATE deliveries SET state = 'dropped', answer = :answer WHERE id = ANY(:ids) AND state = 'waiting'",
    "ids bigint[], answer text",
)


def drop(ids: Collection[int], answer: str) -> None:
    """Note that these are not told any more, and why."""
    read(_DROPPING, {"ids": list(ids), "answer": answer})


# Of these mails each is another reader's.
_ENCLOSING = Text(
    """
    UPDATE deliveries SET mail_id = mails.id, due_at = mails.due_at FROM mails
    WHERE mails.id = ANY(:mail_ids) AND deliveries.id = ANY(:ids) AND deliveries.user_id = mails.user_id
      AND deliveries.state = 'waiting'
    """,
    "mail_ids bigint[], ids bigint[]",
)


def enclose(mail_ids: Collection[int], ids: Collection[int]) -> None:
    """Note at these deliveries which of these mails they are a part of: one to each reader."""
    read(_ENCLOSING, {"mail_ids": list(mail_ids), "ids": list(ids)})


_ENDING = Text(
    """
    UPDATE deliveries SET state = :state, answer = :answer, sent_at = CASE WHEN :state = 'sent' THEN now() END
    WHERE mail_id = :mail_id AND state = CASE WHEN :state = 'waiting' THEN 'failed' ELSE 'waiting' END
    """,
    "mail_id bigint, state text, answer text",
)


def end(mail_id: int, state: str, answer: str) -> None:
    """Note what became of a mail at the deliveries in it; or that one which failed waits again."""
    read(_ENDING, {"mail_id": mail_id, "state": state, "answer": answer})


_CLEARING = Text(
    """
    DELETE FROM deliveries WHERE id IN (
        SELECT id FROM deliveries WHERE created_at < now() - :kept ORDER BY created_at LIMIT :most
        FOR UPDATE SKIP LOCKED
    ) RETURNING id
    """,
    "kept interval, most bigint",
    "id",
)


def clear(kept: timedelta, most: int) -> int:
    """Forget so many of those that are older, the oldest first; how many there were."""
    return len(read(_CLEARING, {"kept": kept, "most": most}))
