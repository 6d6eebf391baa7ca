"""Jobs: what a worker does after a change. Each change of issues writes one by itself, that it be heard of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"

# As in webapp/jobs/triggers.sql.
HEAR = """
CREATE FUNCTION write_hearings() RETURNS trigger LANGUAGE plpgsql AS $$
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
HEARD = """
CREATE TRIGGER heard AFTER INSERT ON events
REFERENCING NEW TABLE AS added FOR EACH STATEMENT
WHEN (current_setting('cairn.unheard', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION write_hearings()
"""


def upgrade() -> None:
    moment = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("args", JSONB(), server_default="{}", nullable=False),
        sa.Column("lane", sa.String(), server_default="inside", nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), server_default="ready", nullable=False),
        sa.Column("run_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="8", nullable=False),
        sa.Column("tried_at", moment, nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("leased_until", moment, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("state IN ('ready', 'running', 'dead')", name=op.f("jobs_state_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("jobs_pkey")),
    )
    _index("ready", "lane", "run_at", "id")
    _index("running", "leased_until")
    _index("dead", "id")
    op.create_index("jobs_key_key", "jobs", ["key"], unique=True, postgresql_where=sa.text("state = 'ready'"))
    op.create_table(
        "job_rounds",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("task", name=op.f("job_rounds_pkey")),
    )
    op.execute(HEAR)
    op.execute(HEARD)


def _index(state: str, *columns: str) -> None:
    op.create_index(f"jobs_{state}_idx", "jobs", list(columns), postgresql_where=sa.text(f"state = '{state}'"))


def downgrade() -> None:
    op.execute("DROP TRIGGER heard ON events")
    op.execute("DROP FUNCTION write_hearings()")
    op.drop_table("job_rounds")
    op.drop_table("jobs")
