"""An issue that is deleted for good leaves its number behind, so that no import brings it again."""

from alembic import op

revision = "0037"
down_revision = "0036"

FUNCTION = """
CREATE FUNCTION leave_numbers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO issue_aliases (project_id, number)
    SELECT gone.project_id, gone.number
    FROM gone JOIN projects p ON p.id = gone.project_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE TRIGGER leave_numbers AFTER DELETE ON issues REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION leave_numbers()
"""
# Until now the events alone told which these were.
FORMERLY = """
INSERT INTO issue_aliases (project_id, number)
SELECT DISTINCT e.project_id, (e.data ->> 'number')::bigint
FROM events e JOIN projects p ON p.id = e.project_id
WHERE e.kind = 'deleted' AND e.issue_id IS NULL AND (e.data ->> 'number')::bigint < p.next_number
AND NOT EXISTS (
    SELECT FROM issues i WHERE i.project_id = e.project_id AND i.number = (e.data ->> 'number')::bigint
)
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute(TRIGGER)
    op.execute(FORMERLY)


def downgrade() -> None:
    """The numbers stay: an older Cairn reads past those that lead nowhere."""
    op.execute("DROP TRIGGER leave_numbers ON issues")
    op.execute("DROP FUNCTION leave_numbers()")
