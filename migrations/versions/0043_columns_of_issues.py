"""The counter of a project moves with every column of its issues, but for those that the database makes of others."""

from alembic import op

revision = "0043"
down_revision = "0042"

BEFORE = """
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF project_id, number, title, body, state, close_reason,
    resolution_note, priority, status_id, milestone_id, parent_id, start_on, due_on, estimate, author_id, created_at,
    updated_at, closed_at, comment_count, version, rank, origin, deleted_at, deleted_by
ON issues DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps()
"""
AFTER = """
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON issues DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    (OLD.version <> NEW.version OR (OLD.html_version, OLD.label_ids, OLD.assignee_ids)
        IS NOT DISTINCT FROM (NEW.html_version, NEW.label_ids, NEW.assignee_ids))
    AND stamp_noted('s', OLD.project_id, NEW.project_id)
) EXECUTE FUNCTION move_stamps()
"""


def upgrade() -> None:
    op.execute("DROP TRIGGER stamp_1_update ON issues")
    op.execute(AFTER)


def downgrade() -> None:
    op.execute("DROP TRIGGER stamp_1_update ON issues")
    op.execute(BEFORE)
