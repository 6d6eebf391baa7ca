"""Former texts that were forgotten: the row stays to mark its place, its text does not."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("text_versions", sa.Column("forgotten_at", sa.TIMESTAMP(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("text_versions", "forgotten_at")
