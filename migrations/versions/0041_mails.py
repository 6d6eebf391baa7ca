"""Mails wait in a table of their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0040"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", JSONB(), server_default="{}", nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("due_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("sent_at", TIME, nullable=True),
        sa.UniqueConstraint("message_id", name=op.f("mails_message_id_key")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dropped', 'failed')", name=op.f("mails_state_check")),
        sa.CheckConstraint("user_id IS NOT NULL OR address IS NOT NULL", name=op.f("mails_reader_check")),
    )
    op.create_index(op.f("mails_user_id_idx"), "mails", ["user_id"])
    op.create_index("mails_key_key", "mails", ["key"], unique=True, postgresql_where=sa.text("key IS NOT NULL"))


def downgrade() -> None:
    op.drop_table("mails")
