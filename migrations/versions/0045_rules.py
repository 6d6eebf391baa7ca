"""By which way people want to hear of what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0045"
down_revision = "0044"

DAYS = "'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'"
QUIET = (
    "(quiet_from IS NULL AND quiet_to IS NULL)"
    " OR (quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23 AND quiet_from <> quiet_to)"
)


def upgrade() -> None:
    table = "notification_settings"
    op.create_table(
        table,
        sa.Column(
            "user_id", sa.BigInteger(), sa.ForeignKey("users.id", name=op.f(f"{table}_user_id_fkey")), nullable=False
        ),
        sa.Column("ways", JSONB(), server_default="{}", nullable=False),
        sa.Column("own_acts", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("quiet_from", sa.BigInteger(), nullable=True),
        sa.Column("quiet_to", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(), server_default="daily", nullable=False),
        sa.Column("digest_hour", sa.BigInteger(), server_default=sa.text("8"), nullable=False),
        sa.Column("digest_day", sa.String(), server_default="monday", nullable=False),
        sa.Column("digested_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("digest IN ('hourly', 'daily', 'weekly')", name=op.f(f"{table}_digest_check")),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name=op.f(f"{table}_digest_hour_check")),
        sa.CheckConstraint(f"digest_day IN ({DAYS})", name=op.f(f"{table}_digest_day_check")),
        sa.CheckConstraint(QUIET, name=op.f(f"{table}_quiet_check")),
        sa.PrimaryKeyConstraint("user_id", name=op.f(f"{table}_pkey")),
    )
    _exceptions()


def downgrade() -> None:
    op.drop_table("notification_exceptions")
    op.drop_table("notification_settings")


def _exceptions() -> None:
    table = "notification_exceptions"
    person = sa.ForeignKey("notification_settings.user_id", name=op.f(f"{table}_user_id_fkey"))
    project = sa.ForeignKey("projects.id", name=op.f(f"{table}_project_id_fkey"), ondelete="CASCADE")
    op.create_table(
        table,
        sa.Column("user_id", sa.BigInteger(), person, nullable=False),
        sa.Column("project_id", sa.BigInteger(), project, nullable=False),
        sa.Column("ways", JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("user_id", "project_id", name=op.f(f"{table}_pkey")),
    )
    op.create_index(op.f(f"{table}_project_id_idx"), table, ["project_id"])
