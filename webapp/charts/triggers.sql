-- What charts are drawn from: for each day, how much came and went. Kept by the database as issues change.
-- A project that is being deleted takes its issues along; nothing is counted for it any more. Charts are the same for all
-- who look at them: a private issue counts in none, and one that becomes private is gone from them as if deleted.

-- New issues count on the days when each thing came about. One that comes already closed is taken to have waited in
-- the first status of its project until it was.
CREATE FUNCTION tally_new() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
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
-- What only keeps the ids of labels and assignees (webapp/issues/triggers.sql) changes nothing that is counted.
CREATE TRIGGER tally_changed AFTER UPDATE ON issues REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT WHEN (current_setting('cairn.tying', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION tally_changed();

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

-- Tallies are only added, so that nobody waits for anybody; what has gathered for a day is put together now and then.
-- Rows that another transaction puts together at this moment are left to it.
CREATE FUNCTION gather_tallies() RETURNS trigger
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
