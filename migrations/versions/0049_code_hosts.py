"""Repositories at code hosts, what they send, and which issues that names."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0049"
down_revision = "0048"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "code_hosts",
        _id(),
        _of("code_hosts", "project_id", "projects", ondelete="CASCADE"),
        _of("code_hosts", "connected_by", "users"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("former_salt", sa.LargeBinary(), nullable=True),
        _of("code_hosts", "former_by", "users", nullable=True),
        sa.Column("former_until", TIME, nullable=True),
        _now("created_at"),
        sa.CheckConstraint("kind IN ('github', 'gitlab', 'gitea', 'plain')", name=op.f("code_hosts_kind_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("code_hosts_pkey")),
        sa.UniqueConstraint("address", name=op.f("code_hosts_address_key")),
    )
    for column in ("project_id", "connected_by", "former_by"):
        op.create_index(op.f(f"code_hosts_{column}_idx"), "code_hosts", [column])
    _deliveries()
    _changes()


def downgrade() -> None:
    for table in ("code_mentions", "code_changes", "code_deliveries", "code_hosts"):
        op.drop_table(table)


def _deliveries() -> None:
    op.create_table(
        "code_deliveries",
        _id(),
        _of("code_deliveries", "code_host_id", "code_hosts", ondelete="CASCADE"),
        _of("code_deliveries", "by_id", "users"),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("commits", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("outcome", JSONB(none_as_null=True), nullable=True),
        _now("came_at"),
        sa.Column("ended_at", TIME, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'ignored', 'refused')", name=op.f("code_deliveries_state_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("code_deliveries_pkey")),
        sa.UniqueConstraint("code_host_id", "message_id", name=op.f("code_deliveries_code_host_id_message_id_key")),
    )
    op.create_index(op.f("code_deliveries_by_id_idx"), "code_deliveries", ["by_id"])
    op.create_index(op.f("code_deliveries_code_host_id_id_idx"), "code_deliveries", ["code_host_id", "id"])
    op.create_index(op.f("code_deliveries_came_at_idx"), "code_deliveries", ["came_at"])


def _changes() -> None:
    op.create_table(
        "code_changes",
        _id(),
        _of("code_changes", "code_host_id", "code_hosts", ondelete="SET NULL", nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("host", "kind", "ref", "title")),
        sa.Column("url", sa.String(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("author", "branch")),
        sa.Column("stated_at", TIME, nullable=True),
        _now("created_at"),
        sa.CheckConstraint("kind IN ('commit', 'merge_request')", name=op.f("code_changes_kind_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("code_changes_pkey")),
        sa.UniqueConstraint("code_host_id", "kind", "ref", name=op.f("code_changes_code_host_id_kind_ref_key")),
    )
    op.create_table(
        "code_mentions",
        _of("code_mentions", "code_change_id", "code_changes", ondelete="CASCADE"),
        _of("code_mentions", "issue_id", "issues", ondelete="CASCADE"),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        _now("created_at"),
        sa.CheckConstraint("state IN ('open', 'merged', 'closed')", name=op.f("code_mentions_state_check")),
        sa.PrimaryKeyConstraint("code_change_id", "issue_id", name=op.f("code_mentions_pkey")),
    )
    op.create_index(op.f("code_mentions_issue_id_idx"), "code_mentions", ["issue_id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _now(name: str) -> sa.Column[datetime]:
    return sa.Column(name, TIME, server_default=sa.text("now()"), nullable=False)


def _of(
    table: str, column: str, others: str, *, ondelete: str | None = None, nullable: bool = False
) -> sa.Column[int]:
    """The id of what a row belongs to."""
    there = sa.ForeignKey(f"{others}.id", name=op.f(f"{table}_{column}_fkey"), ondelete=ondelete)
    return sa.Column(column, sa.BigInteger(), there, nullable=nullable)
