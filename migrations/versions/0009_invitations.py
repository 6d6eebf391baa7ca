"""Invitations to projects."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('owner', 'maintainer', 'member', 'reporter', 'viewer')",
            name=op.f("invitations_role_check"),
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("invitations_invited_by_fkey")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("invitations_project_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("invitations_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("invitations_token_hash_key")),
    )
    op.create_index(op.f("invitations_invited_by_idx"), "invitations", ["invited_by"], unique=False)
    op.create_index(op.f("invitations_project_id_idx"), "invitations", ["project_id"], unique=False)
    op.create_index(
        "invitations_email_key",
        "invitations",
        ["project_id", sa.literal_column("lower(email)")],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("invitations")
