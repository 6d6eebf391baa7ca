"""A delivery says as what it tells its events, so that rules are asked again when it is sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0060"
down_revision = "0056"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("news", ARRAY(sa.Text()), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("deliveries", "news")
