"""Events are found by the change that they share: what was done to many issues at once is undone at once."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_index(op.f("events_change_id_idx"), "events", ["change_id"])


def downgrade() -> None:
    op.drop_index(op.f("events_change_id_idx"), table_name="events")
