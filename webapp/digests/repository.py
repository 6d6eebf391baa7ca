from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import BigInteger, bindparam, select

from webapp.db import AnySelect
from webapp.digests.rows import Due, Waiting
from webapp.models.accounts import User
from webapp.models.issues import Issue, IssueAssignee
from webapp.models.projects import Project
from webapp.models.rules import Rhythm, Weekday
from webapp.projects.sight import seen_by_each
from webapp.reading import Built, Text, read

_WAITING = Text(
    """
    SELECT waiting.user_id, waiting.since, users.time_zone, coalesce(known.digest, 'daily'),
        coalesce(known.digest_hour, 8), coalesce(known.digest_day, 'monday'), known.quiet_from, known.quiet_to
    FROM (
        SELECT user_id, min(created_at) AS since FROM deliveries
        WHERE way = 'digest' AND state = 'waiting' AND mail_id IS NULL AND user_id > :after
        GROUP BY user_id ORDER BY user_id LIMIT :most
    ) AS waiting
    JOIN users ON users.id = waiting.user_id LEFT JOIN notification_settings AS known ON known.user_id = users.id
    ORDER BY waiting.user_id
    """,
    "after bigint, most bigint",
    "user_id since time_zone digest digest_hour digest_day quiet_from quiet_to",
)
# Whoever comes second for the same hour finds it dealt with, and gets nothing.
_CLAIMING = Text(
    """
    INSERT INTO notification_settings AS known (user_id, digested_at)
    SELECT user_id, slot FROM unnest(:user_ids, :slots) AS due (user_id, slot) ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET digested_at = excluded.digested_at
    WHERE known.digested_at IS NULL OR known.digested_at < excluded.digested_at
    RETURNING user_id
    """,
    "user_ids bigint[], slots timestamptz[]",
    "user_id",
)
_COLLECTED = Text(
    """
    SELECT user_id, array_agg(id ORDER BY id) FROM deliveries
    WHERE way = 'digest' AND state = 'waiting' AND mail_id IS NULL AND user_id = ANY(:user_ids)
    GROUP BY user_id ORDER BY user_id
    """,
    "user_ids bigint[]",
    "user_id ids",
)


def _due() -> AnySelect:
    """What is somebody's, open and due by then. Of what they may not see any more they are not reminded."""
    return (
        select(Project.key, Issue.number, Issue.title, Issue.due_on)
        .select_from(IssueAssignee)
        .join(Issue, Issue.id == IssueAssignee.issue_id)
        .join(Project, Project.id == Issue.project_id)
        .join(User, User.id == IssueAssignee.user_id)
        .where(IssueAssignee.user_id == bindparam("user_id"), IssueAssignee.place.is_not(None))
        .where(Issue.deleted_at.is_(None), Project.archived_at.is_(None), Issue.due_on <= bindparam("soon"))
        .where(seen_by_each())
        .order_by(Issue.due_on, Issue.id)
        .limit(bindparam("most", type_=BigInteger))
    )


_DUE = Built(_due())


def waiting(after: int, most: int) -> list[Waiting]:
    """The next so many people for whose digest something waits."""
    rows = read(_WAITING, {"after": after, "most": most})
    return [
        Waiting(
            row.user_id, row.since, row.time_zone, Rhythm(row.digest), row.digest_hour, Weekday(row.digest_day),
            row.quiet_from, row.quiet_to,
        )
        for row in rows
    ]  # fmt: skip


def claim(slots: Mapping[int, datetime]) -> list[int]:
    """Those of these people who have had no digest for the hour yet; from now on they have."""
    values = {"user_ids": sorted(slots), "slots": [slots[user_id] for user_id in sorted(slots)]}
    return [row.user_id for row in read(_CLAIMING, values)]


def collected(user_ids: Sequence[int]) -> dict[int, list[int]]:
    """The deliveries that wait for the digests of these people."""
    return {row.user_id: row.ids for row in read(_COLLECTED, {"user_ids": list(user_ids)})}


def due(user_id: int, soon: date, most: int) -> list[Due]:
    """What is assigned to somebody, open, and due by then, the first due first."""
    return [Due(*row) for row in read(_DUE, {"user_id": user_id, "soon": soon, "most": most})]
