"""Which database this is, so that files of another one are known as such."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("single", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("single", name=op.f("installation_single_check")),
        sa.PrimaryKeyConstraint("single", name=op.f("installation_pkey")),
    )
    op.execute("INSERT INTO installation (id) VALUES (gen_random_uuid())")


def downgrade() -> None:
    op.drop_table("installation")
