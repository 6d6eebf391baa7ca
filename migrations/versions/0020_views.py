"""Saved views, and the one that a project's list opens with."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), server_default="list", nullable=False),
        sa.Column("by", sa.String(), server_default="status", nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("layout IN ('list', 'board')", name=op.f("views_layout_check")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("views_project_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("views_owner_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("views_pkey")),
    )
    op.create_index(op.f("views_project_id_idx"), "views", ["project_id"])
    op.create_index(
        "views_shared_name_key", "views", ["project_id", sa.text("lower(name)")],
        unique=True, postgresql_where=sa.text("shared"),
    )  # fmt: skip
    op.create_index(
        "views_own_name_key", "views", ["owner_id", "project_id", sa.text("lower(name)")],
        unique=True, postgresql_where=sa.text("NOT shared"),
    )  # fmt: skip
    op.add_column("projects", sa.Column("default_view_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("projects_default_view_id_fkey"), "projects", "views", ["default_view_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(op.f("projects_default_view_id_idx"), "projects", ["default_view_id"])


def downgrade() -> None:
    op.drop_column("projects", "default_view_id")
    op.drop_table("views")
