"""Private issues: a flag, the few of them by project, and charts that leave them out."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"

# What `{public}` stands for is what this changes.
TALLIES = """
CREATE OR REPLACE FUNCTION tally_new() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT i.project_id, t.series, t.of_id, t.day, sum(t.n * i.sign)
    FROM (SELECT *, 1 AS sign FROM added) AS i, LATERAL (VALUES
        ('created', 0::bigint, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('closed', 0, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
        ('status', CASE WHEN i.closed_at IS NULL THEN i.status_id ELSE coalesce(
            (SELECT s.id FROM statuses s WHERE s.project_id = i.project_id ORDER BY s.position, s.id LIMIT 1),
            i.status_id
        ) END, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('status', i.status_id, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
        ('status', CASE WHEN i.closed_at IS NOT NULL THEN coalesce(
            (SELECT s.id FROM statuses s WHERE s.project_id = i.project_id ORDER BY s.position, s.id LIMIT 1),
            i.status_id
        ) END, (i.closed_at AT TIME ZONE 'UTC')::date, -1),
        ('scope', i.milestone_id, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('done', i.milestone_id, (i.closed_at AT TIME ZONE 'UTC')::date, 1)
    ) AS t (series, of_id, day, n)
    WHERE i.deleted_at IS NULL{public} AND t.of_id IS NOT NULL AND t.day IS NOT NULL
    AND EXISTS (SELECT FROM projects WHERE projects.id = i.project_id)
    GROUP BY i.project_id, t.series, t.of_id, t.day HAVING sum(t.n * i.sign) <> 0;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION tally_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT i.project_id, t.series, t.of_id, t.day, sum(t.n * i.sign)
    FROM (SELECT *, -1 AS sign FROM before UNION ALL SELECT *, 1 FROM after) AS i, LATERAL (VALUES
        ('created', 0::bigint, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('closed', 0, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
        ('status', i.status_id, (now() AT TIME ZONE 'UTC')::date, 1),
        ('scope', i.milestone_id, (now() AT TIME ZONE 'UTC')::date, 1),
        ('done', CASE WHEN i.closed_at IS NOT NULL THEN i.milestone_id END, (now() AT TIME ZONE 'UTC')::date, 1)
    ) AS t (series, of_id, day, n)
    WHERE i.deleted_at IS NULL{public} AND t.of_id IS NOT NULL AND t.day IS NOT NULL
    AND EXISTS (SELECT FROM projects WHERE projects.id = i.project_id)
    GROUP BY i.project_id, t.series, t.of_id, t.day HAVING sum(t.n * i.sign) <> 0;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION tally_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT i.project_id, t.series, t.of_id, t.day, sum(t.n * i.sign)
    FROM (SELECT *, -1 AS sign FROM gone) AS i, LATERAL (VALUES
        ('created', 0::bigint, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('closed', 0, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
        ('status', i.status_id, (now() AT TIME ZONE 'UTC')::date, 1),
        ('scope', i.milestone_id, (now() AT TIME ZONE 'UTC')::date, 1),
        ('done', CASE WHEN i.closed_at IS NOT NULL THEN i.milestone_id END, (now() AT TIME ZONE 'UTC')::date, 1)
    ) AS t (series, of_id, day, n)
    WHERE i.deleted_at IS NULL{public} AND t.of_id IS NOT NULL AND t.day IS NOT NULL
    AND EXISTS (SELECT FROM projects WHERE projects.id = i.project_id)
    GROUP BY i.project_id, t.series, t.of_id, t.day HAVING sum(t.n * i.sign) <> 0;
    RETURN NULL;
END
$$;
"""


def upgrade() -> None:
    op.add_column("issues", sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("issues_private_idx", "issues", ["project_id"], postgresql_where=sa.text("private"))
    op.execute(TALLIES.replace("{public}", " AND NOT i.private"))


def downgrade() -> None:
    """Charts count what was private from the day of its next change on: what it was before, nobody noted."""
    op.execute(TALLIES.replace("{public}", ""))
    op.drop_index("issues_private_idx", "issues")
    op.drop_column("issues", "private")
