"""What charts are drawn from: for each day, how much came and went. Kept by the database as issues change."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

# What a set of issues adds on the days that are its own. An issue that came already closed is taken to have
# waited in the first status of its project until it was.
OWN = """
SELECT project_id, 'created' AS series, 0 AS of_id, (created_at AT TIME ZONE 'UTC')::date AS day, {sign} AS n
FROM {issues} WHERE deleted_at IS NULL
UNION ALL
SELECT project_id, 'closed', 0, (closed_at AT TIME ZONE 'UTC')::date, {sign}
FROM {issues} WHERE deleted_at IS NULL AND closed_at IS NOT NULL
"""
# What it adds to the contents of statuses and milestones, all of it on one day.
CONTENT = """
SELECT project_id, 'status' AS series, status_id AS of_id, (now() AT TIME ZONE 'UTC')::date AS day, {sign} AS n
FROM {issues} WHERE deleted_at IS NULL
UNION ALL
SELECT project_id, 'scope', milestone_id, (now() AT TIME ZONE 'UTC')::date, {sign}
FROM {issues} WHERE deleted_at IS NULL AND milestone_id IS NOT NULL
UNION ALL
SELECT project_id, 'done', milestone_id, (now() AT TIME ZONE 'UTC')::date, {sign}
FROM {issues} WHERE deleted_at IS NULL AND milestone_id IS NOT NULL AND closed_at IS NOT NULL
"""
# The same for new ones, on the days when it came about.
HISTORY = """
SELECT i.project_id, 'status' AS series,
       CASE WHEN i.closed_at IS NULL THEN i.status_id ELSE coalesce(first.id, i.status_id) END AS of_id,
       (i.created_at AT TIME ZONE 'UTC')::date AS day, 1 AS n
FROM {issues} i LEFT JOIN first USING (project_id) WHERE i.deleted_at IS NULL
UNION ALL
SELECT i.project_id, 'status', i.status_id, (i.closed_at AT TIME ZONE 'UTC')::date, 1
FROM {issues} i WHERE i.deleted_at IS NULL AND i.closed_at IS NOT NULL
UNION ALL
SELECT i.project_id, 'status', coalesce(first.id, i.status_id), (i.closed_at AT TIME ZONE 'UTC')::date, -1
FROM {issues} i LEFT JOIN first USING (project_id) WHERE i.deleted_at IS NULL AND i.closed_at IS NOT NULL
UNION ALL
SELECT project_id, 'scope', milestone_id, (created_at AT TIME ZONE 'UTC')::date, 1
FROM {issues} WHERE deleted_at IS NULL AND milestone_id IS NOT NULL
UNION ALL
SELECT project_id, 'done', milestone_id, (closed_at AT TIME ZONE 'UTC')::date, 1
FROM {issues} WHERE deleted_at IS NULL AND milestone_id IS NOT NULL AND closed_at IS NOT NULL
"""
FIRST = "SELECT DISTINCT ON (project_id) project_id, id FROM statuses {where} ORDER BY project_id, position, id"
# A project that is being deleted takes its issues along; nothing is counted for it any more.
SUMMED = """
INSERT INTO tallies (project_id, series, of_id, day, n)
SELECT t.project_id, t.series, t.of_id, t.day, sum(t.n) FROM ({tallied}) AS t
WHERE EXISTS (SELECT FROM projects WHERE projects.id = t.project_id)
GROUP BY t.project_id, t.series, t.of_id, t.day HAVING sum(t.n) <> 0
"""


def _changed(one: str, other: str) -> str:
    same = ("project_id", "status_id", "milestone_id", "created_at", "closed_at")
    pairs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in same)
    return (
        f"SELECT a.* FROM {one} a JOIN {other} b ON b.id = a.id"  # noqa: S608
        f" WHERE {pairs} OR (a.deleted_at IS NULL) <> (b.deleted_at IS NULL)"
    )


def _both(issues: str, sign: int) -> str:
    return OWN.format(issues=issues, sign=sign) + "UNION ALL" + CONTENT.format(issues=issues, sign=sign)


BORN = f"""
WITH first AS ({FIRST.format(where="WHERE project_id IN (SELECT project_id FROM added)")})
{SUMMED.format(tallied=OWN.format(issues="added", sign=1) + "UNION ALL" + HISTORY.format(issues="added"))}
"""  # noqa: S608
CHANGED = f"""
WITH former AS ({_changed("before", "after")}), later AS ({_changed("after", "before")})
{SUMMED.format(tallied=_both("former", -1) + "UNION ALL" + _both("later", 1))}
"""
GONE = SUMMED.format(tallied=_both("gone", -1))

# Tallies are only added, so that nobody waits for anybody; what has gathered for a day is put together now
# and then. Rows that another transaction puts together at this moment are left to it.
GATHER = """
CREATE FUNCTION gather_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM added WHERE id % 32 = 0) THEN RETURN NULL; END IF;
  WITH loose AS (
    DELETE FROM tallies WHERE id IN (
      SELECT t.id FROM tallies t
      WHERE (t.project_id, t.series, t.of_id, t.day) IN (SELECT project_id, series, of_id, day FROM added)
      ORDER BY t.id FOR UPDATE SKIP LOCKED
    ) RETURNING *
  )
  INSERT INTO tallies (project_id, series, of_id, day, n)
  SELECT project_id, series, of_id, day, sum(n) FROM loose
  GROUP BY project_id, series, of_id, day HAVING sum(n) <> 0;
  RETURN NULL;
END $$
"""


def _trigger(name: str, when: str, tables: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$")
    op.execute(
        f"CREATE TRIGGER {name} AFTER {when} ON issues REFERENCING {tables}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("of_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("tallies_pkey")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("tallies_project_id_fkey"), ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "series IN ('created', 'closed', 'status', 'scope', 'done')", name=op.f("tallies_series_check")
        ),
    )
    op.execute(
        f"WITH first AS ({FIRST.format(where='')}) "
        + SUMMED.format(tallied=OWN.format(issues="issues", sign=1) + "UNION ALL" + HISTORY.format(issues="issues"))
    )
    op.create_index(
        "tallies_project_id_series_of_id_day_n_idx", "tallies", ["project_id", "series", "of_id", "day", "n"]
    )
    op.create_index(
        "issues_closed_idx", "issues", ["project_id", "closed_at", "id"],
        postgresql_where=sa.text("closed_at IS NOT NULL AND deleted_at IS NULL"),
    )  # fmt: skip
    _trigger("tally_new", "INSERT", "NEW TABLE AS added", BORN)
    _trigger("tally_changed", "UPDATE", "OLD TABLE AS before NEW TABLE AS after", CHANGED)
    _trigger("tally_gone", "DELETE", "OLD TABLE AS gone", GONE)
    op.execute(GATHER)
    op.execute(
        "CREATE TRIGGER gather_tallies AFTER INSERT ON tallies REFERENCING NEW TABLE AS added"
        " FOR EACH STATEMENT WHEN (pg_trigger_depth() < 2) EXECUTE FUNCTION gather_tallies()"
    )


def downgrade() -> None:
    for name in ("tally_new", "tally_changed", "tally_gone"):
        op.execute(f"DROP TRIGGER {name} ON issues")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("issues_closed_idx", "issues")
    op.drop_table("tallies")
    op.execute("DROP FUNCTION gather_tallies()")
