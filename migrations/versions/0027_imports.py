"""Imports that take many transactions: what is not whole yet is marked, and milestones are found again."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("projects", sa.Column("importing_since", sa.TIMESTAMP(timezone=True)))
    op.add_column("milestones", sa.Column("origin", sa.String()))
    op.create_index(
        "milestones_origin_key", "milestones", ["project_id", "origin"], unique=True,
        postgresql_where=sa.text("origin IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("milestones_origin_key", "milestones")
    op.drop_column("milestones", "origin")
    op.drop_column("projects", "importing_since")
