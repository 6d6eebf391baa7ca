"""Files that people attach."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("has_thumbnail", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(project_id IS NULL) = (issue_id IS NOT NULL)", name=op.f("attachments_place_check")),
        sa.CheckConstraint("comment_id IS NULL OR issue_id IS NOT NULL", name=op.f("attachments_comment_check")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("attachments_project_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("attachments_issue_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("attachments_comment_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("attachments_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("attachments_pkey")),
        sa.UniqueConstraint("stored", name=op.f("attachments_stored_key")),
    )
    for columns in (["project_id"], ["issue_id"], ["comment_id"], ["user_id", "created_at"]):
        op.create_index(op.f(f"attachments_{'_'.join(columns)}_idx"), "attachments", columns)


def downgrade() -> None:
    op.drop_table("attachments")
