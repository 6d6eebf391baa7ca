"""Who writes a job tells workers of it only if one of them sleeps."""

from alembic import op

revision = "0050"
down_revision = "0049"

# As in webapp/jobs/triggers.sql.
WAKING = """
CREATE FUNCTION wake_workers(word text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7311032);
    IF pg_try_advisory_lock(7311033) THEN
        PERFORM pg_advisory_unlock(7311033);
    ELSE
        PERFORM pg_notify('cairn_jobs', word);
    END IF;
END
$$
"""
HEARING = """
CREATE OR REPLACE FUNCTION write_hearings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs (task, args, key)
    SELECT 'hear', jsonb_build_object('change', change_id), 'hear:' || change_id
    FROM (SELECT DISTINCT change_id FROM added) AS changes
    ON CONFLICT (key) WHERE state = 'ready' DO UPDATE SET run_at = jobs.run_at WHERE false;
    IF FOUND THEN PERFORM wake_workers('inside'); END IF;
    RETURN NULL;
END
$$
"""
FORMER = """
CREATE OR REPLACE FUNCTION write_hearings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs (task, args, key)
    SELECT 'hear', jsonb_build_object('change', change_id), 'hear:' || change_id
    FROM (SELECT DISTINCT change_id FROM added) AS changes
    ON CONFLICT (key) WHERE state = 'ready' DO UPDATE SET run_at = jobs.run_at WHERE false;
    IF FOUND THEN PERFORM pg_notify('cairn_jobs', 'inside'); END IF;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.execute(WAKING)
    op.execute(HEARING)


def downgrade() -> None:
    op.execute(FORMER)
    op.execute("DROP FUNCTION wake_workers(text)")
