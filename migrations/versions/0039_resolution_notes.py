"""A closed issue can say in a line how it was resolved."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

# What moves the counter of a project, as webapp/projects/triggers.sql has it.
SHOWN = """project_id, number, title, body, state, close_reason, {more}priority, status_id, milestone_id, parent_id,
start_on, due_on, estimate, author_id, created_at, updated_at, closed_at, comment_count, version, rank, origin,
deleted_at, deleted_by"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF {columns} ON issues DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps()
"""


def upgrade() -> None:
    op.add_column("issues", sa.Column("resolution_note", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("issues_resolution_note_check"), "issues", "resolution_note IS NULL OR state = 'closed'"
    )
    _watch(more="resolution_note, ")


def downgrade() -> None:
    _watch(more="")
    op.drop_column("issues", "resolution_note")


def _watch(more: str) -> None:
    op.execute("DROP TRIGGER stamp_1_update ON issues")
    op.execute(TRIGGER.format(columns=SHOWN.format(more=more)))
