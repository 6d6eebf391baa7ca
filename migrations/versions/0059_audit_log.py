"""Who has done what to logins, rights and what is kept: a table that only grows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0059"
down_revision = "0058"

TRIGGERS = """
CREATE FUNCTION refuse_other_history() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_LEVEL = 'ROW' AND TG_OP = 'DELETE' AND OLD.at < now() - interval '30 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'What the audit log says is neither changed nor deleted.' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit_records
FOR EACH ROW EXECUTE FUNCTION refuse_other_history();
CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit_records
FOR EACH STATEMENT EXECUTE FUNCTION refuse_other_history();

CREATE FUNCTION clear_audit_records(days integer, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM audit_records WHERE id = ANY(ARRAY(
            SELECT id FROM audit_records WHERE at < now() - greatest(days, 30) * interval '1 day'
            ORDER BY at, id LIMIT most
        )) RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
"""
INDEXES = {
    "at": (["at", "id"], None),
    "kind": (["kind", "at", "id"], None),
    "actor": (["actor_id", "at", "id"], "actor_id IS NOT NULL"),
    "person": (["target_id", "at", "id"], "target_kind = 'person'"),
    "project": (["project_id", "at", "id"], "project_id IS NOT NULL"),
    "address": (["address", "at", "id"], "address IS NOT NULL"),
    "refused": (["at", "id"], "outcome = 'refused'"),
}


def upgrade() -> None:
    op.create_table(
        "audit_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), server_default="ok", nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=True),
        sa.Column("actor_email", sa.String(), nullable=True),
        sa.Column("sid", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("project_key", sa.String(), nullable=True),
        sa.Column("target_kind", sa.String(), nullable=True),
        sa.Column("target_id", sa.BigInteger(), nullable=True),
        sa.Column("target_name", sa.String(), nullable=True),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.CheckConstraint("outcome IN ('ok', 'refused')", name="outcome"),
    )
    for name, (columns, where) in INDEXES.items():
        condition = sa.text(where) if where else None
        op.create_index(f"audit_records_{name}_idx", "audit_records", columns, postgresql_where=condition)
    op.execute(TRIGGERS)


def downgrade() -> None:
    op.execute("DROP FUNCTION clear_audit_records(integer, integer)")
    op.drop_table("audit_records")
    op.execute("DROP FUNCTION refuse_other_history()")
