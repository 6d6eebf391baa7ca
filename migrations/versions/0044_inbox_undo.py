"""A row of an inbox notes what it was before its owner changed it, so that this can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("inbox_items", sa.Column("change_id", sa.Uuid(), nullable=True))
    op.add_column("inbox_items", sa.Column("before", JSONB(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("inbox_items", "before")
    op.drop_column("inbox_items", "change_id")
