"""What people watch, what waits in their inbox, and what they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

REASONS = "reason IN ('assigned', 'mentioned', 'author', 'commented', 'query', 'new_issue', 'watching')"


def upgrade() -> None:
    _watches()
    _views()
    _inbox()
    _deliveries()


def downgrade() -> None:
    for table in ("deliveries", "inbox_items", "view_matches", "view_watches", "issue_watches", "project_watches"):
        op.drop_table(table)


def _watches() -> None:
    op.create_table(
        "project_watches",
        _of("project_watches", "project", ondelete="CASCADE"),
        _of("project_watches", "user"),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("choices", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "level IN ('all', 'new', 'participating', 'nothing')", name=op.f("project_watches_level_check")
        ),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("project_watches_pkey")),
    )
    op.create_index(op.f("project_watches_user_id_idx"), "project_watches", ["user_id"])
    op.create_table(
        "issue_watches",
        _of("issue_watches", "issue", ondelete="CASCADE"),
        _of("issue_watches", "user"),
        sa.Column("level", sa.String(), nullable=False),
        sa.CheckConstraint("level IN ('all', 'participating', 'nothing')", name=op.f("issue_watches_level_check")),
        sa.PrimaryKeyConstraint("issue_id", "user_id", name=op.f("issue_watches_pkey")),
    )
    op.create_index(op.f("issue_watches_user_id_idx"), "issue_watches", ["user_id"])


def _views() -> None:
    op.create_table(
        "view_watches",
        _of("view_watches", "view", ondelete="CASCADE"),
        _of("view_watches", "user"),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("view_id", "user_id", name=op.f("view_watches_pkey")),
    )
    op.create_index(op.f("view_watches_user_id_idx"), "view_watches", ["user_id"])
    op.create_table(
        "view_matches",
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        _of("view_matches", "issue", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["view_id", "user_id"], ["view_watches.view_id", "view_watches.user_id"],
            name=op.f("view_matches_view_id_user_id_fkey"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("view_id", "user_id", "issue_id", name=op.f("view_matches_pkey")),
    )  # fmt: skip
    op.create_index(op.f("view_matches_issue_id_idx"), "view_matches", ["issue_id"])


def _inbox() -> None:
    op.create_table(
        "inbox_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _of("inbox_items", "user"),
        _of("inbox_items", "issue", ondelete="CASCADE"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_unread_id", sa.BigInteger(), nullable=True),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        _now("created_at"),
        _now("updated_at"),
        sa.Column("done_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(REASONS, name=op.f("inbox_items_reason_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("inbox_items_pkey")),
        sa.UniqueConstraint("issue_id", "user_id", name=op.f("inbox_items_issue_id_user_id_key")),
    )
    place = ["user_id", "updated_at", "id"]
    op.create_index(op.f("inbox_items_user_id_updated_at_id_idx"), "inbox_items", place)
    op.create_index("inbox_items_waiting_idx", "inbox_items", place, postgresql_where=sa.text("done_at IS NULL"))
    op.create_index(
        "inbox_items_unread_idx", "inbox_items", ["user_id", "snoozed_until", "issue_id"],
        postgresql_where=sa.text("first_unread_id IS NOT NULL AND done_at IS NULL"),
    )  # fmt: skip


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _of("deliveries", "user"),
        _of("deliveries", "project", ondelete="CASCADE"),
        _of("deliveries", "issue", ondelete="SET NULL", nullable=True),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("mail_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=True),
        _now("created_at"),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("way IN ('inbox', 'mail', 'digest')", name=op.f("deliveries_way_check")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dropped', 'failed')", name=op.f("deliveries_state_check")),
        sa.CheckConstraint(REASONS, name=op.f("deliveries_reason_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("deliveries_pkey")),
        sa.UniqueConstraint(
            "issue_id", "user_id", "change_id", "way", name=op.f("deliveries_issue_id_user_id_change_id_way_key")
        ),
    )
    op.create_index(op.f("deliveries_project_id_idx"), "deliveries", ["project_id"])
    op.create_index(op.f("deliveries_user_id_id_idx"), "deliveries", ["user_id", "id"])
    op.create_index(op.f("deliveries_created_at_idx"), "deliveries", ["created_at"])
    op.create_index(
        "deliveries_mail_id_idx", "deliveries", ["mail_id"], postgresql_where=sa.text("mail_id IS NOT NULL")
    )
    op.create_index(
        "deliveries_digest_idx", "deliveries", ["user_id", "due_at"],
        postgresql_where=sa.text("way = 'digest' AND state = 'waiting'"),
    )  # fmt: skip


def _of(table: str, what: str, ondelete: str | None = None, *, nullable: bool = False) -> sa.Column[int]:
    """The id of what a row belongs to."""
    name = op.f(f"{table}_{what}_id_fkey")
    there = sa.ForeignKey(f"{what}s.id", name=name, ondelete=ondelete)
    return sa.Column(f"{what}_id", sa.BigInteger(), there, nullable=nullable)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False)
