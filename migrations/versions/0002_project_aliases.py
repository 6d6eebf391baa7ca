"""Former keys of projects."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "project_aliases",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("project_aliases_project_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("project_aliases_pkey")),
    )
    op.create_index(op.f("project_aliases_project_id_idx"), "project_aliases", ["project_id"], unique=False)


def downgrade() -> None:
    op.drop_table("project_aliases")
