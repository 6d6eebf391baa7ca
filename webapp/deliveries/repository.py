from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select

from webapp.db import AnySelect
from webapp.deliveries.rows import DeliveryRow, Named, Standing, Unheard
from webapp.events.kinds import KINDS, of
from webapp.events.words import plain
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.models.references import Mention
from webapp.models.watching import IssueWatch, Level, ProjectWatch
from webapp.paging import Place
from webapp.projects.sight import issue_seen_by_each, seen_by_each
from webapp.reading import Built, Text, read

HEARD = [kind for kind, one in KINDS.items() if one.heard is not None]
_COLUMNS = """
    told.id, told.user_id, users.name, did.actor_id, did.actor, did.events, told.event_id, told.last_event_id,
    told.way, told.reason, told.rule, told.state, told.answer, coalesce(mails.due_at, told.due_at) AS due_at,
    told.created_at, told.sent_at
"""
_LISTED = """
    SELECT {columns}
    FROM deliveries AS told JOIN users ON users.id = told.user_id
    LEFT JOIN mails ON mails.id = told.mail_id  -- what happens next may put it off
    LEFT JOIN LATERAL (
        SELECT min(events.actor_id) AS actor_id, min(people.name) AS actor,
            jsonb_agg(jsonb_build_array(events.kind, events.data) ORDER BY events.id) AS events
        FROM events JOIN users AS people ON people.id = events.actor_id
        WHERE events.issue_id = told.issue_id AND events.change_id = told.change_id
            AND events.id BETWEEN told.event_id AND told.last_event_id
    ) AS did ON true
    WHERE told.issue_id = :issue_id AND (:user_id IS NULL OR told.user_id = :user_id)
        AND (:place IS NULL OR told.id {sign} :place)
    ORDER BY told.id {order} LIMIT :most
"""
_OLDER, _NEWER = (
    Text(
        _LISTED.format(columns=_COLUMNS, sign=sign, order=order),
        "issue_id bigint, user_id bigint, place bigint, most bigint",
        "id user_id name actor_id actor events first_event last_event way reason rule state answer due_at created_at"
        " sent_at",
        custom=True,
    )
    for sign, order in (("<", "DESC"), (">", "ASC"))
)
_COUNTED = Text(
    """
    SELECT count(*) FROM (
        SELECT FROM deliveries WHERE issue_id = :issue_id AND (:user_id IS NULL OR user_id = :user_id) LIMIT :most
    ) AS counted
    """,
    "issue_id bigint, user_id bigint, most bigint",
    "number",
)
_UNHEARD = Text(
    """
    SELECT events.id, events.kind, events.data, events.actor_id, users.name, events.created_at,
        EXISTS (SELECT FROM jobs WHERE state = 'ready' AND key = ANY(asked.keys))
        OR EXISTS (SELECT FROM jobs WHERE state = 'running' AND key = ANY(asked.keys))
        OR EXISTS (SELECT FROM jobs WHERE state = 'dead' AND key = ANY(asked.keys))
    FROM events JOIN users ON users.id = events.actor_id
    CROSS JOIN LATERAL (SELECT ARRAY['hear:' || change_id, 'rest:' || change_id] AS keys) AS asked
    WHERE events.issue_id = :issue_id AND events.kind = ANY(:kinds) AND NOT EXISTS (
        SELECT FROM deliveries AS told
        WHERE told.issue_id = events.issue_id AND told.user_id = :user_id AND told.change_id = events.change_id
            AND events.id BETWEEN told.event_id AND told.last_event_id
    )
    ORDER BY events.id DESC LIMIT :most
    """,
    "issue_id bigint, user_id bigint, kinds text[], most bigint",
    "id kind data actor_id actor created_at waits",
)


def _standing() -> AnySelect:
    chosen = and_(IssueWatch.issue_id == Issue.id, IssueWatch.user_id == User.id)
    of_project = and_(ProjectWatch.project_id == Project.id, ProjectWatch.user_id == User.id)
    said = exists().where(Comment.issue_id == Issue.id, Comment.author_id == User.id, Comment.deleted_at.is_(None))
    is_named = exists().where(Mention.issue_id == Issue.id, Mention.user_id == User.id)
    is_theirs = or_(Issue.author_id == User.id, User.id == func.any(Issue.assignee_ids))
    return (
        select(
            and_(User.is_active, seen_by_each(), issue_seen_by_each()).label("is_seen"), IssueWatch.level,
            ProjectWatch.level.label("project_level"), or_(is_theirs, said, is_named).label("takes_part"),
        )
        .select_from(Issue)
        .join(Project, Project.id == Issue.project_id)
        .join(User, User.id == bindparam("user_id"))
        .outerjoin(IssueWatch, chosen)
        .outerjoin(ProjectWatch, of_project)
        .where(Issue.id == bindparam("issue_id"))
    )  # fmt: skip


_STANDING = Built(_standing())


def count(issue_id: int, user_id: int | None, most: int) -> int:
    """How much was told of an issue, to one person or to all; counted no further than so many."""
    number: int = read(_COUNTED, {"issue_id": issue_id, "user_id": user_id, "most": most}).one().number
    return number


def listed(issue_id: int, user_id: int | None, at: Place | None, most: int) -> list[DeliveryRow]:
    """What was told of an issue, the last first: to one person, or to all."""
    statement = _NEWER if at is not None and at.backwards else _OLDER
    values = {"issue_id": issue_id, "user_id": user_id, "place": at.key[0] if at is not None else None, "most": most}
    return [_delivery(row) for row in read(statement, values)]


def unheard(issue_id: int, user_id: int, most: int) -> Sequence[Unheard]:
    """The last events that could have been told to somebody, and were not."""
    values = {"issue_id": issue_id, "user_id": user_id, "kinds": HEARD, "most": most}
    return [
        Unheard(
            row.id,
            row.kind,
            plain(of(row.kind, row.data).words()),
            Named(row.actor_id, row.actor),
            row.created_at,
            row.waits,
        )
        for row in read(_UNHEARD, values)
    ]


def standing(issue_id: int, user_id: int) -> Standing | None:
    """How somebody stands to an issue; None for nobody."""
    row = read(_STANDING, {"issue_id": issue_id, "user_id": user_id}).one_or_none()
    if row is None:
        return None
    return Standing(row.is_seen, _level(row.level), _level(row.project_level), row.takes_part)


def _level(stored: str | None) -> Level | None:
    return Level(stored) if stored else None


def _did(events: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """What events say, each once."""
    return list(dict.fromkeys(plain(of(kind, told).words()) for kind, told in events))


def _delivery(row: Any) -> DeliveryRow:
    actor = Named(row.actor_id, row.actor) if row.actor_id is not None else None
    events = row.events or []
    return DeliveryRow(
        row.id, Named(row.user_id, row.name), actor, [kind for kind, _ in events], _did(events), row.first_event,
        row.last_event, row.way, row.reason, row.rule, row.state, row.answer, row.due_at, row.created_at, row.sent_at,
    )  # fmt: skip
