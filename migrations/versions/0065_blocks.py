"""Whom the owners of a project have blocked from it: an empty table, no time at all."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"


def upgrade() -> None:
    op.create_table(
        "project_blocks",
        sa.Column("project_id", sa.BigInteger(), sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("blocked_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_index(op.f("project_blocks_user_id_idx"), "project_blocks", ["user_id"])
    op.create_index(op.f("project_blocks_blocked_by_idx"), "project_blocks", ["blocked_by"])


def downgrade() -> None:
    op.drop_table("project_blocks")
