-- Whoever writes events has them heard: one job for each change, in its transaction. An import, whose events are long
-- past, says `SET LOCAL cairn.unheard = 'on'` first.

-- Tells workers of a job at the commit, if one of them sleeps. To tell takes a lock that the whole cluster has once, until
-- the commit is on disk: whoever tells commits after all others who tell. A worker that is awake looks by itself.
--
-- 7311032 is held by whoever writes jobs, until the transaction ends; 7311033 by workers that sleep. A worker that wants
-- to sleep takes the second, has the first for an instant, exclusively, and looks at the queue for the last time
-- (webapp/jobs/listening.py). So no job is forgotten: who had the first before that instant has ended by then, and is
-- seen by the last look; who takes it after that finds the second held, and tells.
CREATE FUNCTION wake_workers(word text) RETURNS void
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

-- A statement of the same change that comes later finds the job there. It locks it nevertheless: were the change
-- written by several transactions, no worker could be done with it before this one is visible.
CREATE FUNCTION write_hearings() RETURNS trigger
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

-- events
CREATE TRIGGER heard AFTER INSERT ON events REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION write_hearings();
