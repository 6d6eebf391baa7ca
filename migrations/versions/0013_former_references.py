"""Issues that texts named before this was looked up: those of the same project, by number or key."""

from alembic import op

revision = "0013"
down_revision = "0012"

# What is quoted as code names nothing. A text that has been looked up since is left as it is.
REFERENCES = r"""
    WITH texts AS (
        SELECT id AS issue_id, NULL::bigint AS comment_id, project_id, author_id, created_at, body FROM issues
        UNION ALL
        SELECT issue_id, comments.id, project_id, comments.author_id, comments.created_at, comments.body
        FROM comments JOIN issues ON issues.id = issue_id WHERE comments.deleted_at IS NULL
    ), words AS (
        SELECT DISTINCT issue_id, comment_id, project_id, author_id, created_at, said[1] AS said
        FROM texts CROSS JOIN LATERAL regexp_matches(
            regexp_replace(regexp_replace(body, '```.*?```', ' ', 'g'), '`[^`\n]+`', ' ', 'g'),
            '(?<![\w#&/.@-])(#[1-9]\d{0,17}|[A-Z][A-Z0-9]{1,9}-[1-9]\d{0,17})(?![\w-]|\.\d)', 'g') AS said
        WHERE body ~ '[#-][1-9]'
    )
    INSERT INTO issue_references
        (source_issue_id, source_comment_id, said, target_issue_id, actor_id, created_at)
    SELECT words.issue_id, words.comment_id, said, target.id, words.author_id, words.created_at
    FROM words
    JOIN projects ON projects.id = words.project_id
    JOIN issues target ON target.project_id = words.project_id AND target.deleted_at IS NULL
        AND target.number = substring(said FROM '\d+$')::bigint
    WHERE said IN ('#' || target.number, projects.key || '-' || target.number)
        AND NOT EXISTS (
            SELECT FROM issue_references AS known
            WHERE known.source_issue_id = words.issue_id
                AND known.source_comment_id IS NOT DISTINCT FROM words.comment_id
        )
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(REFERENCES)


def downgrade() -> None:
    """They are among the rows that texts written since then have, and do no harm there."""
