-- Whoever writes events has them heard: one job for each change, in its transaction. An import, whose events are long
-- past, says `SET LOCAL cairn.unheard = 'on'` first.

-- A statement of the same change that comes later finds the job there. It locks it nevertheless: were the change
-- written by several transactions, no worker could be done with it before this one is visible.
CREATE FUNCTION write_hearings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs (task, args, key)
    SELECT 'hear', jsonb_build_object('change', change_id), 'hear:' || change_id
    FROM (SELECT DISTINCT change_id FROM added) AS changes
    ON CONFLICT (key) WHERE state = 'ready' DO UPDATE SET run_at = jobs.run_at WHERE false;
    IF FOUND THEN PERFORM pg_notify('cairn_jobs', 'inside'); END IF;
    RETURN NULL;
END
$$;

-- events
CREATE TRIGGER heard AFTER INSERT ON events
REFERENCING NEW TABLE AS added FOR EACH STATEMENT
WHEN (current_setting('cairn.unheard', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION write_hearings();
