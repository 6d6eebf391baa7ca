from collections.abc import Sequence
from uuid import UUID

from webapp.accounts.rows import Person
from webapp.db import AnyRow
from webapp.moderation.rows import Complaint, Report, Reported, Told, Waiting
from webapp.reading import Text, read
from webapp.text.plain import excerpt

# What waits in a project, each post once; what is in the trash waits no more.
_ASKED = """
    WITH asked AS (
        SELECT held_posts.issue_id, held_posts.comment_id, held_posts.created_at, true AS held
        FROM held_posts JOIN issues ON issues.id = held_posts.issue_id
        WHERE issues.project_id = :project_id AND issues.deleted_at IS NULL
        UNION ALL
        SELECT post_reports.issue_id, post_reports.comment_id, post_reports.created_at, false
        FROM post_reports JOIN issues ON issues.id = post_reports.issue_id
        WHERE issues.project_id = :project_id AND issues.deleted_at IS NULL AND settled_at IS NULL
    ), waiting AS (
        SELECT asked.issue_id, comment_id, min(asked.created_at) AS since, bool_or(held) AS held
        FROM asked LEFT JOIN comments ON comments.id = comment_id
        WHERE comments.deleted_at IS NULL
        GROUP BY asked.issue_id, comment_id
    )
"""
_LISTED = Text(
    f"""
    {_ASKED}
    SELECT issues.id, issues.number, issues.title, waiting.comment_id, waiting.held, waiting.since,
        coalesce(comments.version, issues.version),
        left(coalesce(comments.body, issues.body), 2000), users.id, users.name, users.avatar,
        (
            SELECT coalesce(jsonb_agg(
                jsonb_build_array(others.id, others.name, others.avatar, reason, words) ORDER BY post_reports.id
            ), '[]')
            FROM post_reports JOIN users AS others ON others.id = reporter_id
            WHERE post_reports.issue_id = waiting.issue_id AND settled_at IS NULL
            AND post_reports.comment_id IS NOT DISTINCT FROM waiting.comment_id
        )
    FROM waiting
    JOIN issues ON issues.id = waiting.issue_id
    LEFT JOIN comments ON comments.id = waiting.comment_id
    JOIN users ON users.id = coalesce(comments.author_id, issues.author_id)
    ORDER BY waiting.since, issues.id, waiting.comment_id NULLS FIRST LIMIT :most
    """,  # noqa: S608
    "project_id bigint, most bigint",
    "issue_id number title comment held since version body author_id author avatar reports",
)
_COUNTED = Text(f"{_ASKED} SELECT count(*) FROM waiting", "project_id bigint", "number")  # noqa: S608
_RELEASING = Text(
    "DELETE FROM held_posts WHERE issue_id = :issue_id AND comment_id IS NOT DISTINCT FROM :comment_id"
    " RETURNING private",
    "issue_id bigint, comment_id bigint",
    "private",
)
_SETTLING = Text(
    "UPDATE post_reports SET settled_at = now() WHERE issue_id = :issue_id"
    " AND comment_id IS NOT DISTINCT FROM :comment_id AND settled_at IS NULL RETURNING id",
    "issue_id bigint, comment_id bigint",
    "id",
)
# With an issue what its author said there: of that nobody was told either while it was held.
_CHANGES = Text(
    """
    SELECT DISTINCT change_id FROM events WHERE issue_id = :issue_id AND CASE
        WHEN :comment_id IS NOT NULL THEN kind = 'commented' AND data ->> 'comment' = CAST(:comment_id AS text)
        ELSE kind = 'opened' OR kind = 'commented' AND actor_id = (SELECT author_id FROM issues WHERE id = :issue_id)
    END
    """,
    "issue_id bigint, comment_id bigint",
    "change_id",
)
_REPORTING = Text(
    """
    INSERT INTO post_reports (issue_id, comment_id, reporter_id, reason, words)
    VALUES (:issue_id, :comment_id, :reporter_id, :reason, :words)
    ON CONFLICT (issue_id, coalesce(comment_id, 0), reporter_id) DO NOTHING RETURNING id, created_at
    """,
    "issue_id bigint, comment_id bigint, reporter_id bigint, reason text, words text",
    "id created_at",
)
_TOLD = Text(
    """
    SELECT issues.project_id, issues.number, projects.key, issues.title, post_reports.comment_id,
        users.id, users.name, others.name, post_reports.reason, post_reports.words
    FROM post_reports
    JOIN issues ON issues.id = post_reports.issue_id
    JOIN projects ON projects.id = issues.project_id
    LEFT JOIN comments ON comments.id = post_reports.comment_id
    JOIN users ON users.id = coalesce(comments.author_id, issues.author_id)
    JOIN users AS others ON others.id = post_reports.reporter_id
    WHERE post_reports.id = :id AND settled_at IS NULL AND issues.deleted_at IS NULL AND comments.deleted_at IS NULL
    """,
    "id bigint",
    "project_id number key title comment author_id author reporter reason words",
)


def waiting(project_id: int, key: str, most: int) -> Sequence[Waiting]:
    """What waits longest in a project, with what was said of it."""
    return [_waiting(row, key) for row in read(_LISTED, {"project_id": project_id, "most": most})]


def count(project_id: int) -> int:
    """How much waits there."""
    return int(read(_COUNTED, {"project_id": project_id}).one().number)


def release(issue_id: int, comment_id: int | None) -> bool | None:
    """Hold a post no longer; whether it is private all the same, and None if it was not held."""
    row = read(_RELEASING, {"issue_id": issue_id, "comment_id": comment_id}).one_or_none()
    return None if row is None else bool(row.private)


def settle(issue_id: int, comment_id: int | None) -> int:
    """Let what was reported of a post be decided; how many reports that were."""
    return len(read(_SETTLING, {"issue_id": issue_id, "comment_id": comment_id}).all())


def changes(issue_id: int, comment_id: int | None) -> Sequence[UUID]:
    """The changes by which a post came, with what its author said on an issue; none of what an import brought."""
    return [row.change_id for row in read(_CHANGES, {"issue_id": issue_id, "comment_id": comment_id})]


def add(
    key: str, issue_id: int, comment_id: int | None, by_id: int, reason: Complaint, words: str
) -> Reported | None:
    """Note what somebody says of a post; None if they have said something of it already."""
    values = {"issue_id": issue_id, "comment_id": comment_id, "reporter_id": by_id, "reason": reason, "words": words}
    row = read(_REPORTING, values).one_or_none()
    return Reported(row.id, key, comment_id, reason, words, row.created_at) if row else None


def told(report_id: int) -> Told | None:
    """A report that nobody has decided yet."""
    row = read(_TOLD, {"id": report_id}).one_or_none()
    if row is None:
        return None
    key = f"{row.key}-{row.number}"
    post = row.project_id, row.number, key, row.title, row.comment, row.author_id, row.author
    return Told(*post, row.reporter, Complaint(row.reason), row.words)


def _waiting(row: AnyRow, key: str) -> Waiting:
    author = Person(row.author_id, row.author, row.avatar)
    reports = [Report(Person(*said[:3]), Complaint(said[3]), said[4]) for said in row.reports]
    post = row.issue_id, f"{key}-{row.number}", row.number, row.title, row.comment
    return Waiting(*post, author, excerpt(row.body), row.held, row.since, row.version, reports)
