"""Where an issue stands on boards, beside its labels and assignees, so that their columns are read in order."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

# None for what is on no such board: closed issues, and those in the trash.
PLACE = "CASE WHEN {row}.state = 'open' AND {row}.deleted_at IS NULL THEN {row}.position END"
# The issue is locked, so that it cannot be closed at this moment without its new links.
OF_ISSUE = "FROM issues i WHERE i.id = NEW.issue_id FOR NO KEY UPDATE; RETURN NEW"
LABELLED = f"SELECT {PLACE.format(row='i')} INTO NEW.place {OF_ISSUE}"
ASSIGNED = f"SELECT i.project_id, {PLACE.format(row='i')} INTO NEW.project_id, NEW.place {OF_ISSUE}"
MOVED = f"""
UPDATE issue_labels SET place = {PLACE.format(row="NEW")} WHERE issue_id = NEW.id;
UPDATE issue_assignees SET project_id = NEW.project_id, place = {PLACE.format(row="NEW")} WHERE issue_id = NEW.id;
RETURN NULL
"""  # noqa: S608
FORMER = f"({PLACE.format(row='OLD')}, OLD.project_id) IS DISTINCT FROM ({PLACE.format(row='NEW')}, NEW.project_id)"
ON_BOARD = "state = 'open' AND deleted_at IS NULL"
COLUMNS = {"issues_milestone_board_idx": ["milestone_id"], "issues_priority_board_idx": ["project_id", "priority"]}
TRIGGERS = {
    "place_label": ("issue_labels", "BEFORE INSERT", LABELLED),
    "place_assignee": ("issue_assignees", "BEFORE INSERT", ASSIGNED),
    "place_links": ("issues", "AFTER UPDATE", MOVED),
}


def upgrade() -> None:
    for table in ("issue_labels", "issue_assignees"):
        op.add_column(table, sa.Column("place", sa.Text(collation="C")))
    op.add_column("issue_assignees", sa.Column("project_id", sa.BigInteger()))
    op.execute(
        f"UPDATE issue_labels SET place = {PLACE.format(row='i')} FROM issues i WHERE i.id = issue_id"  # noqa: S608
        " AND i.state = 'open' AND i.deleted_at IS NULL"
    )
    op.execute(
        f"UPDATE issue_assignees SET project_id = i.project_id, place = {PLACE.format(row='i')}"  # noqa: S608
        " FROM issues i WHERE i.id = issue_id"
    )
    op.alter_column("issue_assignees", "project_id", nullable=False)
    placed = sa.text("place IS NOT NULL")
    op.create_index("issue_labels_board_idx", "issue_labels", ["label_id", "place"], postgresql_where=placed)
    op.create_index(
        "issue_assignees_board_idx", "issue_assignees", ["user_id", "project_id", "place"], postgresql_where=placed
    )
    for name, columns in COLUMNS.items():
        op.create_index(name, "issues", [*columns, "position"], postgresql_where=sa.text(ON_BOARD))
    for name, (table, when, body) in TRIGGERS.items():
        only = f" WHEN ({FORMER})" if table == "issues" else ""
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; END $$")
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW{only} EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    for name, (table, _, _) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    for name in COLUMNS:
        op.drop_index(name, "issues")
    op.drop_column("issue_assignees", "project_id")
    op.drop_column("issue_assignees", "place")
    op.drop_column("issue_labels", "place")
