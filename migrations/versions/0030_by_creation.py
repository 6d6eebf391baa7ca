"""Lists in the order of creation, and cards that nobody moved in the same: numbers and ids do not tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

# By table: what its lists are of, and of which rows. The column that told the order comes before the id now.
LISTS = {
    "issues": [
        ["project_id"],
        ["project_id", "state"],
        ["status_id"],
        ["author_id", "state"],
        ["milestone_id", "state"],
    ],
    "events": [["project_id"], ["actor_id"]],
    "comments": [["author_id"]],
}
PRESENT = sa.text("deleted_at IS NULL")
BY_NUMBER = "'m' || lpad((1000000000000 - number)::text, 12, '0') || 'V'"
MICROSECONDS = "(extract(epoch FROM created_at AT TIME ZONE 'UTC') * 1000000)::bigint"
BY_CREATION = (
    f"'m' || lpad(to_hex(300000000000000000 - {MICROSECONDS}), 15, '0')"
    " || lpad(to_hex(1099511627776 - id), 10, '0') || 'V'"
)
# Indexes and triggers that name the place, whoever made them, as they are to be made again.
BESIDE = """
SELECT DISTINCT d.classid = 'pg_trigger'::regclass, coalesce(t.tgname, c.relname),
       CASE WHEN t.oid IS NULL THEN pg_get_indexdef(c.oid) ELSE pg_get_triggerdef(t.oid) END
FROM pg_depend d
LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'i'
WHERE d.refobjid = 'issues'::regclass AND coalesce(t.oid, c.oid) IS NOT NULL AND d.refobjsubid = (
    SELECT attnum FROM pg_attribute WHERE attrelid = 'issues'::regclass AND attname = 'position'
)
"""
# A card that was moved among others stays right below the one that it is below, if that was not moved itself. Its
# key begins with that one's; the others with it are told apart by what they had. Keys above and below all that
# nobody moved, which begin with other letters, stay.
KEPT = """
CREATE TEMPORARY TABLE kept ON COMMIT DROP AS
SELECT id, coalesce(split_part(above, ' ', 2) || rank, 'm0000' || substr(rank, 2)) AS rank
FROM (
    SELECT id, rank, max(position || ' ' || {unmoved} COLLATE "C") FILTER (WHERE rank IS NULL)
           OVER (PARTITION BY project_id ORDER BY position) AS above
    FROM issues WHERE project_id IN (SELECT project_id FROM issues WHERE rank LIKE 'm%')
) cards WHERE rank LIKE 'm%'
"""


def upgrade() -> None:
    _replace(BY_CREATION, ["id"], ["created_at", "id"])


def downgrade() -> None:
    _replace(BY_NUMBER, ["created_at", "id"], ["id"])


def _replace(unmoved: str, before: list[str], after: list[str]) -> None:
    """Give the cards their places by another rule, with one writing of the table, and the lists their indexes."""
    op.execute(KEPT.format(unmoved=unmoved))
    for table, columns in _lists():
        op.drop_index(_name(table, columns, before), table)
    _place(unmoved)
    for table, columns in _lists():
        some = PRESENT if columns[0] == "milestone_id" else None
        op.create_index(_name(table, columns, after), table, [*columns, *after], postgresql_where=some)
    for table in ("issue_labels", "issue_assignees"):
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        op.execute(
            f"UPDATE {table} SET place = i.position FROM issues i"  # noqa: S608
            " WHERE i.id = issue_id AND place IS NOT NULL"
        )
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    op.execute("UPDATE issues SET rank = kept.rank FROM kept WHERE kept.id = issues.id")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.execute("ANALYZE issues, issue_labels, issue_assignees")


def _place(unmoved: str) -> None:
    beside = op.get_bind().execute(sa.text(BESIDE)).all()
    for is_trigger, name, _ in beside:
        op.execute(f"DROP TRIGGER {name} ON issues" if is_trigger else f"DROP INDEX {name}")
    op.execute(
        'ALTER TABLE issues DROP COLUMN position, ADD COLUMN position text COLLATE "C" NOT NULL'
        f" GENERATED ALWAYS AS (coalesce(rank, {unmoved})) STORED"
    )
    for _, _, definition in beside:
        op.execute(definition)


def _lists() -> list[tuple[str, list[str]]]:
    return [(table, columns) for table, lists in LISTS.items() for columns in lists]


def _name(table: str, columns: list[str], by: list[str]) -> str:
    return "_".join([table, *columns, *by, "idx"])
