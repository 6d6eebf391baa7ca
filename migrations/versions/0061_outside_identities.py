"""Who comes in by a login elsewhere: an empty table, no time at all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0061"
down_revision = "0060"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outside_identities",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("granted", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.UniqueConstraint("provider", "subject", name=op.f("outside_identities_provider_subject_key")),
    )
    op.create_index(op.f("outside_identities_user_id_idx"), "outside_identities", ["user_id"])


def downgrade() -> None:
    op.drop_table("outside_identities")
