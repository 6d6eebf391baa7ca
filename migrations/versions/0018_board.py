"""Boards: an order of cards that is given by hand, and limits of columns.

Writes the table of issues anew, as each gets its place in that order.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("statuses", sa.Column("wip_limit", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(op.f("statuses_wip_limit_check"), "statuses", "wip_limit BETWEEN 1 AND 999")
    op.add_column("issues", sa.Column("rank", sa.Text(collation="C"), nullable=True))
    unmoved = "coalesce(rank, 'm' || lpad((1000000000000 - number)::text, 12, '0') || 'V')"
    place = sa.Computed(unmoved, persisted=True)
    op.add_column("issues", sa.Column("position", sa.Text(collation="C"), place, nullable=False))
    op.create_index(
        "issues_board_idx", "issues", ["project_id", "status_id", "position"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "issues_open_board_idx", "issues", ["project_id", "position"],
        postgresql_where=sa.text("state = 'open' AND deleted_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("issues_open_board_idx", "issues")
    op.drop_index("issues_board_idx", "issues")
    op.drop_column("issues", "position")
    op.drop_column("issues", "rank")
    op.drop_column("statuses", "wip_limit")
