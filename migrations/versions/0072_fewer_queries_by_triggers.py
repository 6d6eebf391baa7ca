"""Writing an issue takes fewer queries by triggers: of what hangs on it less is asked, and less is looked at."""

from alembic import op

revision = "0072"
down_revision = "0071"

# Rows that wait for the end of a transaction keep their table from being altered.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE"

STAMP_NOTED_BEFORE = """
CREATE OR REPLACE FUNCTION stamp_noted(kind text, one bigint, other bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('cairn.touched', true), '');
    noted text := before;
BEGIN
    IF strpos(noted, kind || one || ' ') = 0 THEN noted := noted || kind || one || ' '; END IF;
    IF strpos(noted, kind || other || ' ') = 0 THEN noted := noted || kind || other || ' '; END IF;
    IF noted <> before THEN PERFORM set_config('cairn.touched', noted, true); END IF;
    RETURN before = '' AND noted <> '';
END
$$;
"""
STAMP_NOTED = """
CREATE OR REPLACE FUNCTION stamp_noted(kind text, one bigint, other bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF strpos(current_setting('cairn.touched', true), kind || one || ' ') > 0 AND (other IS NULL OR other = one) THEN
        RETURN false;
    END IF;
    DECLARE
        before text := coalesce(current_setting('cairn.touched', true), '');
        noted text := before;
    BEGIN
        IF strpos(noted, kind || one || ' ') = 0 THEN noted := noted || kind || one || ' '; END IF;
        IF strpos(noted, kind || other || ' ') = 0 THEN noted := noted || kind || other || ' '; END IF;
        IF noted = before THEN RETURN false; END IF;
        noted := set_config('cairn.touched', noted, true);
        RETURN before = '';
    END;
END
$$;
"""
MOVE_STAMPS_BEFORE = """
CREATE OR REPLACE FUNCTION move_stamps() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    noted text := coalesce(current_setting('cairn.touched', true), '');
BEGIN
    IF noted = '' THEN RETURN NULL; END IF;
    PERFORM set_config('cairn.touched', '', true);
    IF noted LIKE 's%' AND strpos(noted, ' ') = length(noted) THEN  -- one project's issues, as nearly always
        UPDATE project_stamps
        SET stamp = greatest(stamp + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
        WHERE project_id = substr(noted, 2)::bigint;
        IF FOUND THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO project_stamps AS kept (project_id, stamp, words)
    SELECT
        substr(note, 2)::bigint AS id,
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
        CASE WHEN bool_or(note LIKE 'w%') THEN (extract(epoch FROM clock_timestamp()) * 1000000)::bigint ELSE 0 END
    FROM string_to_table(rtrim(noted), ' ') AS note WHERE note NOT LIKE 'p%' GROUP BY id ORDER BY id
    ON CONFLICT (project_id) DO UPDATE SET
        stamp = greatest(kept.stamp + 1, excluded.stamp),
        words = CASE WHEN excluded.words = 0 THEN kept.words ELSE greatest(kept.words + 1, excluded.words) END;
    IF strpos(noted, 'g') > 0 THEN
        DELETE FROM project_stamps WHERE project_id IN (
            SELECT substr(note, 2)::bigint FROM string_to_table(rtrim(noted), ' ') AS note WHERE note LIKE 'g%'
        );
    END IF;
    IF strpos(noted, 'p') > 0 THEN
        UPDATE stamps SET people = greatest(people + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    END IF;
    RETURN NULL;
END
$$;
"""
MOVE_STAMPS = """
CREATE OR REPLACE FUNCTION move_stamps() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    noted text := coalesce(current_setting('cairn.touched', true), '');
    forgotten text;
BEGIN
    IF noted = '' THEN RETURN NULL; END IF;
    forgotten := set_config('cairn.touched', '', true);
    IF noted LIKE 's%' AND strpos(noted, ' ') = length(noted) THEN  -- one project's issues, as nearly always
        UPDATE project_stamps
        SET stamp = greatest(stamp + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
        WHERE project_id = substr(noted, 2)::bigint;
        IF FOUND THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO project_stamps AS kept (project_id, stamp, words)
    SELECT
        substr(note, 2)::bigint AS id,
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
        CASE WHEN bool_or(note LIKE 'w%') THEN (extract(epoch FROM clock_timestamp()) * 1000000)::bigint ELSE 0 END
    FROM string_to_table(rtrim(noted), ' ') AS note WHERE note NOT LIKE 'p%' GROUP BY id ORDER BY id
    ON CONFLICT (project_id) DO UPDATE SET
        stamp = greatest(kept.stamp + 1, excluded.stamp),
        words = CASE WHEN excluded.words = 0 THEN kept.words ELSE greatest(kept.words + 1, excluded.words) END;
    IF strpos(noted, 'g') > 0 THEN
        DELETE FROM project_stamps WHERE project_id IN (
            SELECT substr(note, 2)::bigint FROM string_to_table(rtrim(noted), ' ') AS note WHERE note LIKE 'g%'
        );
    END IF;
    IF strpos(noted, 'p') > 0 THEN
        UPDATE stamps SET people = greatest(people + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    END IF;
    RETURN NULL;
END
$$;
"""
WAKE_WORKERS_BEFORE = """
CREATE OR REPLACE FUNCTION wake_workers(word text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7311032);
    IF pg_try_advisory_lock(7311033) THEN
        PERFORM pg_advisory_unlock(7311033);
    ELSE
        PERFORM pg_notify('cairn_jobs', word);
    END IF;
END
$$;
"""
WAKE_WORKERS = """
CREATE OR REPLACE FUNCTION wake_workers(word text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Expressions, each of which costs a fraction of what a PERFORM does. What answers void answers no null.
    IF pg_advisory_xact_lock_shared(7311032) IS NULL THEN RETURN; END IF;
    IF pg_try_advisory_lock(7311033) THEN
        IF pg_advisory_unlock(7311033) THEN RETURN; END IF;
    END IF;
    PERFORM pg_notify('cairn_jobs', word);
END
$$;
"""
WRITE_HEARINGS_BEFORE = """
CREATE OR REPLACE FUNCTION write_hearings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs (task, args, key)
    SELECT 'hear', jsonb_build_object('change', change_id), 'hear:' || change_id
    FROM (SELECT DISTINCT change_id FROM added) AS changes
    ON CONFLICT (key) WHERE state = 'ready' DO UPDATE SET run_at = jobs.run_at WHERE false;
    IF FOUND THEN PERFORM wake_workers('inside'); END IF;
    RETURN NULL;
END
$$;
"""
WRITE_HEARINGS = """
CREATE OR REPLACE FUNCTION write_hearings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cairn.unheard', true) = 'on' THEN RETURN NULL; END IF;
    INSERT INTO jobs (task, args, key)
    SELECT 'hear', jsonb_build_object('change', change_id), 'hear:' || change_id
    FROM (SELECT DISTINCT change_id FROM added) AS changes
    ON CONFLICT (key) WHERE state = 'ready' DO UPDATE SET run_at = jobs.run_at WHERE false;
    IF FOUND AND wake_workers('inside') IS NULL THEN RETURN NULL; END IF;
    RETURN NULL;
END
$$;
"""
TALLY_NEW_BEFORE = """
CREATE OR REPLACE FUNCTION tally_new() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    -- One open issue alone, as nearly always: what comes of it below is known without a look at each series.
    SELECT
        min(project_id) AS id, min(status_id) AS status_id, min((created_at AT TIME ZONE 'UTC')::date) AS day
    INTO one
    FROM added HAVING count(*) = 1
    AND bool_and(closed_at IS NULL AND milestone_id IS NULL AND deleted_at IS NULL AND NOT private);
    IF FOUND THEN
        INSERT INTO tallies (project_id, series, of_id, day, n) VALUES
            (one.id, 'created', 0, one.day, 1), (one.id, 'status', one.status_id, one.day, 1);
        RETURN NULL;
    END IF;
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
"""
TALLY_NEW = """
CREATE OR REPLACE FUNCTION tally_new() RETURNS trigger
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
"""
GATHER_TALLIES_BEFORE = """
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
"""
GATHER_TALLIES = """
CREATE OR REPLACE FUNCTION gather_tallies() RETURNS trigger
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
"""
ISSUE_DOCUMENT_BEFORE = """
CREATE OR REPLACE FUNCTION issue_document(
    project_id bigint, number bigint, id bigint, title text, body text, labelled text, said text
) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN search_part(number || '  ' || search_words(left(title, 1000)), 'A')
        || search_part(coalesce(labelled, ''), 'B')
        || search_part(search_words(left(body, 65536)), 'C')
        || search_part(coalesce(said, ''), 'D')
        || search_scope(project_id, number, id);
END
$$;
"""
ISSUE_DOCUMENT = """
CREATE OR REPLACE FUNCTION issue_document(
    project_id bigint, number bigint, id bigint, title text, body text, labelled text, said text
) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN search_part(number || '  ' || search_words(left(title, 1000)), 'A')
        || CASE WHEN labelled IS NULL THEN '' ELSE search_part(labelled, 'B') END
        || search_part(search_words(left(body, 65536)), 'C')
        || CASE WHEN said IS NULL THEN '' ELSE search_part(said, 'D') END
        || search_scope(project_id, number, id);
END
$$;
"""
HEARD_BEFORE = """
CREATE OR REPLACE TRIGGER heard AFTER INSERT ON events
REFERENCING NEW TABLE AS added FOR EACH STATEMENT
WHEN (current_setting('cairn.unheard', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION write_hearings();
"""
HEARD = """
CREATE OR REPLACE TRIGGER heard AFTER INSERT ON events REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION write_hearings();
"""
GATHERED_BEFORE = """
CREATE TRIGGER gather_noted AFTER INSERT ON tallies
FOR EACH ROW WHEN (
    NEW.id % 32 = 0 AND pg_trigger_depth() < 2 AND set_config('cairn.gathering', 'on', true) IS NULL
) EXECUTE FUNCTION gather_tallies();
CREATE OR REPLACE TRIGGER gather_tallies AFTER INSERT ON tallies REFERENCING NEW TABLE AS added
FOR EACH STATEMENT WHEN (current_setting('cairn.gathering', true) = 'on') EXECUTE FUNCTION gather_tallies();
"""
GATHERED = """
CREATE OR REPLACE TRIGGER gather_tallies AFTER INSERT ON tallies
FOR EACH ROW WHEN (NEW.id % 31 = 0 AND pg_trigger_depth() < 2) EXECUTE FUNCTION gather_tallies();
"""
FUNCTIONS = (
    STAMP_NOTED,
    MOVE_STAMPS,
    WAKE_WORKERS,
    WRITE_HEARINGS,
    TALLY_NEW,
    GATHER_TALLIES,
    ISSUE_DOCUMENT,
)
FUNCTIONS_BEFORE = (
    STAMP_NOTED_BEFORE,
    MOVE_STAMPS_BEFORE,
    WAKE_WORKERS_BEFORE,
    WRITE_HEARINGS_BEFORE,
    TALLY_NEW_BEFORE,
    GATHER_TALLIES_BEFORE,
    ISSUE_DOCUMENT_BEFORE,
)


def upgrade() -> None:
    """Only functions and triggers: no time at all."""
    op.execute(SETTLED)
    op.execute("DROP TRIGGER gather_noted ON tallies")
    # In the order in which a change comes by these tables.
    for statement in (*FUNCTIONS, GATHERED, HEARD):
        op.execute(statement)


def downgrade() -> None:
    op.execute(SETTLED)
    for statement in (*FUNCTIONS_BEFORE, GATHERED_BEFORE, HEARD_BEFORE):
        op.execute(statement)
