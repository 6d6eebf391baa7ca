"""Mail that comes in lies in a table of its own, and projects say whether they take some."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "incoming_mails",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("sender", sa.String(), server_default="", nullable=False),
        sa.Column("subject", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=True),
        sa.Column("project_id", sa.BigInteger(), sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), sa.ForeignKey("issues.id", ondelete="SET NULL"), nullable=True),
        sa.Column("came_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.UniqueConstraint("digest", name=op.f("incoming_mails_digest_key")),
        sa.CheckConstraint(
            "state IN ('waiting', 'held', 'taken', 'ignored', 'refused')", name=op.f("incoming_mails_state_check")
        ),
    )
    op.create_index(op.f("incoming_mails_user_id_idx"), "incoming_mails", ["user_id"])
    op.create_index(op.f("incoming_mails_issue_id_idx"), "incoming_mails", ["issue_id"])
    op.create_index("incoming_mails_sender_idx", "incoming_mails", ["sender", "came_at"])
    op.create_index("incoming_mails_came_at_idx", "incoming_mails", ["came_at"])
    op.create_index("incoming_mails_project_id_idx", "incoming_mails", ["project_id", "id"])
    op.create_table(
        "project_mailboxes",
        sa.Column("project_id", sa.BigInteger(), sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("project_mailboxes")
    op.drop_table("incoming_mails")
