from collections.abc import Mapping, Sequence
from datetime import date, datetime

from webapp.digests.rows import Due, Waiting
from webapp.models.rules import Rhythm, Weekday
from webapp.reading import Text, read

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
# What somebody may not see any more is not theirs to be reminded of.
_DUE = Text(
    """
    SELECT projects.key, issues.number, issues.title, issues.due_on
    FROM issue_assignees JOIN issues ON issues.id = issue_assignees.issue_id
    JOIN projects ON projects.id = issues.project_id JOIN users ON users.id = issue_assignees.user_id
    WHERE issue_assignees.user_id = :user_id AND issue_assignees.place IS NOT NULL AND issues.deleted_at IS NULL
        AND projects.archived_at IS NULL AND issues.due_on <= :soon
        AND (projects.visibility <> 'private' OR users.is_admin OR EXISTS (
            SELECT FROM memberships WHERE project_id = projects.id AND user_id = users.id))
    ORDER BY issues.due_on, issues.id LIMIT :most
    """,
    "user_id bigint, soon date, most bigint",
    "key number title due_on",
)


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
