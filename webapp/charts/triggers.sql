-- What charts are drawn from: for each day, how much came and went. Kept by the database as issues change.
-- A project that is being deleted takes its issues along; nothing is counted for it any more. Charts are the same for all
-- who look at them: a private issue counts in none, and one that becomes private is gone from them as if deleted.

-- New issues count on the days when each thing came about. One that comes already closed is taken to have waited in
-- the first status of its project until it was.
CREATE FUNCTION tally_new() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- One open issue alone, as nearly always: what comes of it below is known without a look at each series.
    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT i.project_id, t.series, CASE t.series WHEN 'status' THEN i.status_id ELSE 0 END,
        (i.created_at AT TIME ZONE 'UTC')::date, 1
    FROM added AS i, (VALUES ('created'), ('status')) AS t (series)
    WHERE i.closed_at IS NULL AND i.milestone_id IS NULL AND i.deleted_at IS NULL AND NOT i.private
    AND NOT EXISTS (SELECT FROM added OFFSET 1);
    IF FOUND THEN RETURN NULL; END IF;
    INSERT INTO tallies (project_id, series, of_id, day, n)
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
CREATE TRIGGER tally_new AFTER INSERT ON issues REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION tally_new();

-- What an issue takes along it brings again, if it did not change: nothing is left of that in the sum. Its own days
-- stay its own; the contents of statuses and milestones change today.
CREATE FUNCTION tally_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('cairn.counted', '', true);
    INSERT INTO tallies (project_id, series, of_id, day, n)
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
-- Most changes touch nothing that is counted, and are not looked at. The first of these is never carried out: its
-- condition notes a row that is counted otherwise from now on, for the second, which comes when all rows are written.
CREATE TRIGGER tally_noted AFTER UPDATE ON issues
FOR EACH ROW WHEN (
    (OLD.project_id, OLD.status_id, OLD.milestone_id, OLD.created_at, OLD.closed_at, OLD.deleted_at, OLD.private)
    IS DISTINCT FROM
    (NEW.project_id, NEW.status_id, NEW.milestone_id, NEW.created_at, NEW.closed_at, NEW.deleted_at, NEW.private)
    AND set_config('cairn.counted', 'on', true) IS NULL
) EXECUTE FUNCTION tally_changed();
CREATE TRIGGER tally_changed AFTER UPDATE ON issues REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT WHEN (current_setting('cairn.counted', true) = 'on') EXECUTE FUNCTION tally_changed();

CREATE FUNCTION tally_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT i.project_id, t.series, t.of_id, t.day, sum(t.n * i.sign)
    FROM (SELECT *, -1 AS sign FROM gone) AS i, LATERAL (VALUES
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
CREATE TRIGGER tally_gone AFTER DELETE ON issues REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION tally_gone();

-- Tallies are only added, so that nobody waits for anybody; what has gathered of one is put together with one of 31 rows:
-- most issues write two rows, and of two that take turns an even number would always meet the same. Rows that another
-- transaction puts together at this moment are left to it.
CREATE FUNCTION gather_tallies() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    WITH loose AS (
        DELETE FROM tallies WHERE id IN (
            SELECT t.id FROM tallies t
            WHERE (t.project_id, t.series, t.of_id, t.day) = (NEW.project_id, NEW.series, NEW.of_id, NEW.day)
            ORDER BY t.id FOR UPDATE SKIP LOCKED
        ) RETURNING n
    )
    INSERT INTO tallies (project_id, series, of_id, day, n)
    SELECT NEW.project_id, NEW.series, NEW.of_id, NEW.day, sum(n) FROM loose HAVING sum(n) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER gather_tallies AFTER INSERT ON tallies
FOR EACH ROW WHEN (NEW.id % 31 = 0 AND pg_trigger_depth() < 2) EXECUTE FUNCTION gather_tallies();
