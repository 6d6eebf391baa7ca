"""The ids of an issue's labels and assignees beside the issue itself, so that a list is read from one table."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0031"
down_revision = "0030"

TIES = {"label_ids": ("issue_labels", "label_id"), "assignee_ids": ("issue_assignees", "user_id")}
# The issues are locked first, in the order of all: what is read afterwards has what others have just committed.
KEEP = """
CREATE FUNCTION keep_{ids}(changed_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM issues WHERE id = ANY (changed_ids) ORDER BY id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('cairn.tying', 'on', true);
  UPDATE issues SET {ids} = tied.ids
  FROM (
    SELECT i.id, array(SELECT {id} FROM {table} t WHERE t.issue_id = i.id ORDER BY {id}) AS ids
    FROM issues i WHERE i.id = ANY (changed_ids)
  ) AS tied
  WHERE issues.id = tied.id AND issues.{ids} <> tied.ids;
  PERFORM set_config('cairn.tying', '', true);
END $$
"""
EACH = "PERFORM keep_{ids}(array(SELECT DISTINCT issue_id FROM changed))"
MOVED = "PERFORM keep_{ids}(ARRAY[OLD.issue_id, NEW.issue_id])"
TALLY = """
CREATE TRIGGER tally_changed AFTER UPDATE ON issues REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT {when} EXECUTE FUNCTION tally_changed()
"""
# What only keeps the ids changes nothing that is counted by day.
UNLESS_TYING = "WHEN (current_setting('cairn.tying', true) IS DISTINCT FROM 'on')"


# Rows that wait for the end of a transaction keep their table from being altered.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE"


def upgrade() -> None:
    op.execute(SETTLED)
    for ids in TIES:
        op.add_column("issues", sa.Column(ids, ARRAY(sa.BigInteger()), server_default="{}", nullable=False))
    op.execute("ALTER TABLE issues DISABLE TRIGGER USER")
    op.execute(
        "UPDATE issues SET label_ids = coalesce(l.ids, '{}'), assignee_ids = coalesce(a.ids, '{}')"
        " FROM (SELECT issue_id, array_agg(label_id ORDER BY label_id) AS ids FROM issue_labels GROUP BY 1) l"
        " FULL JOIN (SELECT issue_id, array_agg(user_id ORDER BY user_id) AS ids FROM issue_assignees GROUP BY 1) a"
        " USING (issue_id) WHERE issue_id = issues.id"
    )
    op.execute("ALTER TABLE issues ENABLE TRIGGER USER")
    op.execute("DROP TRIGGER tally_changed ON issues")
    op.execute(TALLY.format(when=UNLESS_TYING))
    for ids, (table, id) in TIES.items():
        op.execute(KEEP.format(ids=ids, table=table, id=id))
        for name, body in (("tied", EACH), ("retied", MOVED)):
            op.execute(
                f"CREATE FUNCTION {name}_{ids}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {body.format(ids=ids)}; RETURN NULL; END $$"
            )
        for name, when, rows in (("tied", "INSERT", "NEW"), ("untied", "DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER {name} AFTER {when} ON {table} REFERENCING {rows} TABLE AS changed"
                f" FOR EACH STATEMENT EXECUTE FUNCTION tied_{ids}()"
            )
        op.execute(
            f"CREATE TRIGGER retied AFTER UPDATE OF issue_id, {id} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION retied_{ids}()"
        )


def downgrade() -> None:
    op.execute(SETTLED)
    for ids, (table, _) in TIES.items():
        for name in ("tied", "untied", "retied"):
            op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION tied_{ids}()")
        op.execute(f"DROP FUNCTION retied_{ids}()")
        op.execute(f"DROP FUNCTION keep_{ids}(bigint[])")
        op.drop_column("issues", ids)
    op.execute("DROP TRIGGER tally_changed ON issues")
    op.execute(TALLY.format(when=""))
