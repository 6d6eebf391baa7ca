"""People choose the language that they read."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String()))


def downgrade() -> None:
    op.drop_column("users", "language")
