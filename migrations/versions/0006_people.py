"""People's time zones, and the indexes to find what somebody did."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("users", sa.Column("time_zone", sa.String(), server_default="UTC", nullable=False))
    op.create_index(op.f("events_actor_id_id_idx"), "events", ["actor_id", "id"], unique=False)
    op.create_index(op.f("comments_author_id_id_idx"), "comments", ["author_id", "id"], unique=False)
    op.drop_index(op.f("comments_author_id_idx"), "comments")


def downgrade() -> None:
    op.create_index(op.f("comments_author_id_idx"), "comments", ["author_id"], unique=False)
    op.drop_index(op.f("comments_author_id_id_idx"), "comments")
    op.drop_index(op.f("events_actor_id_id_idx"), "events")
    op.drop_column("users", "time_zone")
