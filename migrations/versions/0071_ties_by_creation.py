"""Beside an issue's labels stands when it was made, so that what has a label is read in the order of lists.

And the indexes of boards tell the issue as well. The ties that there are say nothing of when their issues were made
until `webapp/issues/catching_up.py` has come to them, some at a time, so that nobody waits for that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"

# Rows that wait for the end of a transaction keep their table from being altered.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE"
PLACED = sa.text("place IS NOT NULL")
BOARDS = {"issue_labels": ["label_id", "place"], "issue_assignees": ["user_id", "project_id", "place"]}

# What stands in braces is what this changes.
TIED = """
CREATE OR REPLACE FUNCTION place_label() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    SELECT CASE WHEN i.state = 'open' AND i.deleted_at IS NULL THEN i.position END{found}
    INTO NEW.place{kept}
    FROM issues i WHERE i.id = NEW.issue_id FOR NO KEY UPDATE;
    RETURN NEW;
END
$$;
"""
CHANGED = """
CREATE OR REPLACE FUNCTION place_links() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE issue_labels
    SET place = CASE WHEN NEW.state = 'open' AND NEW.deleted_at IS NULL THEN NEW.position END{made}
    WHERE issue_id = NEW.id;
    UPDATE issue_assignees
    SET project_id = NEW.project_id,
        place = CASE WHEN NEW.state = 'open' AND NEW.deleted_at IS NULL THEN NEW.position END
    WHERE issue_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER place_links AFTER UPDATE ON issues
FOR EACH ROW WHEN (
    (CASE WHEN OLD.state = 'open' AND OLD.deleted_at IS NULL THEN OLD.position END, OLD.project_id{old})
    IS DISTINCT FROM
    (CASE WHEN NEW.state = 'open' AND NEW.deleted_at IS NULL THEN NEW.position END, NEW.project_id{new})
) EXECUTE FUNCTION place_links();
"""


def upgrade() -> None:
    """Reads all ties once, for the index: a second or so for a million."""
    op.execute(SETTLED)
    # First what others wait for most: to put a trigger in another's place lets them read, to drop one does not.
    _change(made=",\n        issue_created_at = NEW.created_at", old=", OLD.created_at", new=", NEW.created_at")
    op.add_column("issue_labels", sa.Column("issue_created_at", sa.TIMESTAMP(timezone=True)))
    _keep(found=", i.created_at", kept=", NEW.issue_created_at")
    op.drop_index("issue_labels_label_id_issue_id_idx", "issue_labels")
    op.create_index(
        "issue_labels_label_id_issue_created_at_issue_id_idx",
        "issue_labels",
        ["label_id", "issue_created_at", "issue_id"],
    )
    _board(["issue_id"])


def downgrade() -> None:
    op.execute(SETTLED)
    _change(made="", old="", new="")
    _board([])
    _keep(found="", kept="")
    op.create_index("issue_labels_label_id_issue_id_idx", "issue_labels", ["label_id", "issue_id"])
    op.drop_index("issue_labels_label_id_issue_created_at_issue_id_idx", "issue_labels")
    op.drop_column("issue_labels", "issue_created_at")


def _keep(**values: str) -> None:
    op.execute(TIED.format(**values))


def _change(**values: str) -> None:
    op.execute(CHANGED.format(**values))


def _board(more: list[str]) -> None:
    for table, columns in BOARDS.items():
        op.drop_index(f"{table}_board_idx", table)
        op.create_index(f"{table}_board_idx", table, [*columns, *more], postgresql_where=PLACED)
