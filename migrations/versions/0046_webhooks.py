"""Hooks that are told of what happens, and what they were told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0046"
down_revision = "0045"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _of("webhooks", "project", "projects", ondelete="CASCADE", nullable=True),
        _of("webhooks", "created_by", "users", column="created_by"),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("form", sa.String(), server_default="standard", nullable=False),
        sa.Column("events", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("former_salt", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", TIME, nullable=True),
        sa.Column("is_on", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("failing_since", TIME, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("created_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "form IN ('standard', 'slack', 'discord', 'teams', 'matrix')", name=op.f("webhooks_form_check")
        ),
        sa.CheckConstraint("cardinality(events) > 0", name=op.f("webhooks_events_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("webhooks_pkey")),
    )
    op.create_index(op.f("webhooks_project_id_idx"), "webhooks", ["project_id"])
    op.create_index(op.f("webhooks_created_by_idx"), "webhooks", ["created_by"])
    _deliveries()


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _of("webhook_deliveries", "webhook", "webhooks", ondelete="CASCADE"),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("first_issue_id", sa.BigInteger(), nullable=True),
        sa.Column("last_issue_id", sa.BigInteger(), nullable=True),
        sa.Column("issues", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("headers", JSONB(none_as_null=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("took", sa.BigInteger(), nullable=True),
        sa.Column("created_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("tried_at", TIME, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'dropped', 'failed')", name=op.f("webhook_deliveries_state_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_deliveries_pkey")),
        sa.UniqueConstraint(
            "webhook_id", "change_id", "first_issue_id",
            name=op.f("webhook_deliveries_webhook_id_change_id_first_issue_id_key"),
        ),
    )  # fmt: skip
    op.create_index(op.f("webhook_deliveries_webhook_id_id_idx"), "webhook_deliveries", ["webhook_id", "id"])
    op.create_index(op.f("webhook_deliveries_created_at_idx"), "webhook_deliveries", ["created_at"])


def _of(
    table: str, what: str, others: str, *, column: str = "", ondelete: str | None = None, nullable: bool = False
) -> sa.Column[int]:
    """The id of what a row belongs to."""
    column = column or f"{what}_id"
    there = sa.ForeignKey(f"{others}.id", name=op.f(f"{table}_{column}_fkey"), ondelete=ondelete)
    return sa.Column(column, sa.BigInteger(), there, nullable=nullable)
