"""Saved views over all projects, for their owners alone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.alter_column("views", "project_id", nullable=True)
    op.create_index(
        "views_everywhere_name_key", "views", ["owner_id", sa.text("lower(name)")],
        unique=True, postgresql_where=sa.text("project_id IS NULL"),
    )  # fmt: skip
    alone = "project_id IS NOT NULL OR (NOT shared AND layout = 'list')"
    op.create_check_constraint(op.f("views_everywhere_check"), "views", alone)


def downgrade() -> None:
    op.drop_constraint(op.f("views_everywhere_check"), "views")
    op.drop_index("views_everywhere_name_key", "views")
    op.execute("DELETE FROM views WHERE project_id IS NULL")
    op.alter_column("views", "project_id", nullable=False)
