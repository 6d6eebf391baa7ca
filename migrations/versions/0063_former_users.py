"""Accounts that became a part of others: where their numbers, handles and origins lead."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    op.create_table(
        "former_users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("merged_at", sa.TIMESTAMP(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="former_users_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="former_users_pkey"),
        sa.UniqueConstraint("handle", name="former_users_handle_key"),
        sa.UniqueConstraint("origin", name="former_users_origin_key"),
    )
    op.create_index("former_users_user_id_idx", "former_users", ["user_id"])


def downgrade() -> None:
    """What was merged stays so; only that former handles lead on is lost."""
    op.drop_table("former_users")
