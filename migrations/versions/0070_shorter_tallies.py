"""Changes of issues that move no chart are not counted; one new issue alone is counted by a shorter way."""

from alembic import op

revision = "0070"
down_revision = "0069"

# Rows that wait for the end of a transaction keep their table from being altered.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE"

# What stands in braces is what this changes.
NEW = """
CREATE OR REPLACE FUNCTION tally_new() RETURNS trigger
LANGUAGE plpgsql AS $$
{declared}BEGIN
{alone}    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT i.project_id, t.series, t.of_id, t.day, sum(t.n * i.sign)
    FROM (SELECT *, 1 AS sign FROM added) AS i, LATERAL (VALUES
        ('created', 0::bigint, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('closed', 0, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
        ('status', CASE WHEN i.closed_at IS NULL THEN i.status_id ELSE coalesce(
            (SELECT s.id FROM statuses s WHERE s.project_id = i.project_id ORDER BY s.position, s.id LIMIT 1),
            i.status_id
        ) END, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('status', i.status_id, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
        ('status', CASE WHEN i.closed_at IS NOT NULL THEN coalesce(
            (SELECT s.id FROM statuses s WHERE s.project_id = i.project_id ORDER BY s.position, s.id LIMIT 1),
            i.status_id
        ) END, (i.closed_at AT TIME ZONE 'UTC')::date, -1),
        ('scope', i.milestone_id, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('done', i.milestone_id, (i.closed_at AT TIME ZONE 'UTC')::date, 1)
    ) AS t (series, of_id, day, n)
    WHERE i.deleted_at IS NULL AND NOT i.private AND t.of_id IS NOT NULL AND t.day IS NOT NULL
    AND EXISTS (SELECT FROM projects WHERE projects.id = i.project_id)
    GROUP BY i.project_id, t.series, t.of_id, t.day HAVING sum(t.n * i.sign) <> 0;
    RETURN NULL;
END
$$;
"""
DECLARED = """DECLARE
    one record;
"""
ALONE = """    SELECT
        min(project_id) AS id, min(status_id) AS status_id, min((created_at AT TIME ZONE 'UTC')::date) AS day
    INTO one
    FROM added HAVING count(*) = 1
    AND bool_and(closed_at IS NULL AND milestone_id IS NULL AND deleted_at IS NULL AND NOT private);
    IF FOUND THEN
        INSERT INTO tallies (project_id, series, of_id, day, n) VALUES
            (one.id, 'created', 0, one.day, 1), (one.id, 'status', one.status_id, one.day, 1);
        RETURN NULL;
    END IF;
"""
CHANGED = """
CREATE OR REPLACE FUNCTION tally_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
{forgotten}    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT i.project_id, t.series, t.of_id, t.day, sum(t.n * i.sign)
    FROM (SELECT *, -1 AS sign FROM before UNION ALL SELECT *, 1 FROM after) AS i, LATERAL (VALUES
        ('created', 0::bigint, (i.created_at AT TIME ZONE 'UTC')::date, 1),
        ('closed', 0, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
        ('status', i.status_id, (now() AT TIME ZONE 'UTC')::date, 1),
        ('scope', i.milestone_id, (now() AT TIME ZONE 'UTC')::date, 1),
        ('done', CASE WHEN i.closed_at IS NOT NULL THEN i.milestone_id END, (now() AT TIME ZONE 'UTC')::date, 1)
    ) AS t (series, of_id, day, n)
    WHERE i.deleted_at IS NULL AND NOT i.private AND t.of_id IS NOT NULL AND t.day IS NOT NULL
    AND EXISTS (SELECT FROM projects WHERE projects.id = i.project_id)
    GROUP BY i.project_id, t.series, t.of_id, t.day HAVING sum(t.n * i.sign) <> 0;
    RETURN NULL;
END
$$;
"""
FORGOTTEN = "    PERFORM set_config('cairn.counted', '', true);\n"
NOTED = """
CREATE TRIGGER tally_noted AFTER UPDATE ON issues
FOR EACH ROW WHEN (
    (OLD.project_id, OLD.status_id, OLD.milestone_id, OLD.created_at, OLD.closed_at, OLD.deleted_at, OLD.private)
    IS DISTINCT FROM
    (NEW.project_id, NEW.status_id, NEW.milestone_id, NEW.created_at, NEW.closed_at, NEW.deleted_at, NEW.private)
    AND set_config('cairn.counted', 'on', true) IS NULL
) EXECUTE FUNCTION tally_changed();
"""
TALLY = """
CREATE TRIGGER tally_changed AFTER UPDATE ON issues REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT WHEN ({when}) EXECUTE FUNCTION tally_changed();
"""
COUNTED = "current_setting('cairn.counted', true) = 'on'"
NOT_TYING = "current_setting('cairn.tying', true) IS DISTINCT FROM 'on'"

GATHER_NOTED = """
CREATE OR REPLACE FUNCTION gather_tallies() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('cairn.gathering', '', true);
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
END
$$;
CREATE TRIGGER gather_noted AFTER INSERT ON tallies
FOR EACH ROW WHEN (
    NEW.id % 32 = 0 AND pg_trigger_depth() < 2 AND set_config('cairn.gathering', 'on', true) IS NULL
) EXECUTE FUNCTION gather_tallies();
CREATE TRIGGER gather_tallies AFTER INSERT ON tallies REFERENCING NEW TABLE AS added
FOR EACH STATEMENT WHEN (current_setting('cairn.gathering', true) = 'on') EXECUTE FUNCTION gather_tallies();
"""
GATHER_ALWAYS = """
CREATE OR REPLACE FUNCTION gather_tallies() RETURNS trigger
LANGUAGE plpgsql AS $$
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
END
$$;
CREATE TRIGGER gather_tallies AFTER INSERT ON tallies REFERENCING NEW TABLE AS added
FOR EACH STATEMENT WHEN (pg_trigger_depth() < 2) EXECUTE FUNCTION gather_tallies();
"""

# What is only kept beside an issue had to say that it changes nothing that is counted.
TIES = """
CREATE OR REPLACE FUNCTION keep_label_ids(changed_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issues WHERE id = ANY (changed_ids) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
{begin}    UPDATE issues SET label_ids = tied.ids
    FROM (
        SELECT i.id, array(SELECT label_id FROM issue_labels t WHERE t.issue_id = i.id ORDER BY label_id) AS ids
        FROM issues i WHERE i.id = ANY (changed_ids)
    ) AS tied
    WHERE issues.id = tied.id AND issues.label_ids <> tied.ids;
{end}END
$$;

CREATE OR REPLACE FUNCTION keep_assignee_ids(changed_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issues WHERE id = ANY (changed_ids) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
{begin}    UPDATE issues SET assignee_ids = tied.ids
    FROM (
        SELECT i.id, array(SELECT user_id FROM issue_assignees t WHERE t.issue_id = i.id ORDER BY user_id) AS ids
        FROM issues i WHERE i.id = ANY (changed_ids)
    ) AS tied
    WHERE issues.id = tied.id AND issues.assignee_ids <> tied.ids;
{end}END
$$;

CREATE OR REPLACE FUNCTION keep_reactions(issue_ids bigint[], comment_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issues WHERE id = ANY (issue_ids) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
{begin}    UPDATE issues
    SET reactions = now.counts, reaction_count = (SELECT coalesce(sum(one), 0) FROM unnest(now.counts) AS one)
    FROM (
        SELECT issue_id, reaction_counts(issue_id, NULL) AS counts
        FROM (
            SELECT DISTINCT issue_id FROM unnest(issue_ids, comment_ids) AS changed (issue_id, comment_id)
            WHERE comment_id IS NULL
        ) AS those
    ) AS now
    WHERE issues.id = now.issue_id AND issues.reactions <> now.counts;
{end}    UPDATE comments
    SET reactions = now.counts
    FROM (
        SELECT comment_id, reaction_counts(issue_id, comment_id) AS counts
        FROM (
            SELECT DISTINCT issue_id, comment_id FROM unnest(issue_ids, comment_ids) AS changed (issue_id, comment_id)
            WHERE comment_id IS NOT NULL
        ) AS those
    ) AS now
    WHERE comments.id = now.comment_id AND comments.reactions <> now.counts;
END
$$;
"""
BEGIN = "    PERFORM set_config('cairn.tying', 'on', true);\n"
END = "    PERFORM set_config('cairn.tying', '', true);\n"


def upgrade() -> None:
    """Only functions and triggers: no time at all."""
    op.execute(SETTLED)
    op.execute("DROP TRIGGER tally_changed ON issues")
    op.execute("DROP TRIGGER gather_tallies ON tallies")
    op.execute(NEW.replace("{declared}", DECLARED).replace("{alone}", ALONE))
    op.execute(CHANGED.replace("{forgotten}", FORGOTTEN))
    op.execute(NOTED)
    op.execute(TALLY.replace("{when}", COUNTED))
    op.execute(GATHER_NOTED)
    op.execute(TIES.replace("{begin}", "").replace("{end}", ""))


def downgrade() -> None:
    op.execute(SETTLED)
    op.execute(TIES.replace("{begin}", BEGIN).replace("{end}", END))
    op.execute("DROP TRIGGER gather_noted ON tallies")
    op.execute("DROP TRIGGER gather_tallies ON tallies")
    op.execute(GATHER_ALWAYS)
    op.execute("DROP TRIGGER tally_noted ON issues")
    op.execute("DROP TRIGGER tally_changed ON issues")
    op.execute(CHANGED.replace("{forgotten}", ""))
    op.execute(TALLY.replace("{when}", NOT_TYING))
    op.execute(NEW.replace("{declared}", "").replace("{alone}", ""))
