"""A trash for issues and comments; the former texts of both."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("issues", "comments"):
        op.add_column(table, sa.Column("deleted_at", sa.TIMESTAMP(timezone=True), nullable=True))
        op.add_column(table, sa.Column("deleted_by", sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"{table}_deleted_by_fkey"), table, "users", ["deleted_by"], ["id"])
    op.create_index(
        "issues_trash_idx",
        "issues",
        ["project_id", "deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "comments_trash_idx",
        "comments",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL AND body <> ''"),
    )
    op.create_table(
        "text_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("edited_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("text_versions_issue_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("text_versions_comment_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["edited_by"], ["users.id"], name=op.f("text_versions_edited_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("text_versions_pkey")),
    )
    op.create_index(op.f("text_versions_issue_id_id_idx"), "text_versions", ["issue_id", "id"])
    op.create_index(op.f("text_versions_comment_id_id_idx"), "text_versions", ["comment_id", "id"])


def downgrade() -> None:
    """What is in the trash is deleted for good: without the columns it would be there again."""
    op.drop_table("text_versions")
    for table in ("comments", "issues"):
        rows = sa.table(table, sa.column("deleted_at"))
        op.execute(sa.delete(rows).where(rows.c.deleted_at.is_not(None)))
        op.drop_index(f"{table}_trash_idx", table)
        op.drop_column(table, "deleted_by")
        op.drop_column(table, "deleted_at")
