-- What was noted stays as it is, whoever writes: by hand too. Only what is older than thirty days may go, row by row,
-- and nothing changes. Whoever owns the table can take the trigger away; docs/deployment.md tells how the role that
-- Cairn uses need not be the owner.
CREATE FUNCTION refuse_other_history() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_LEVEL = 'ROW' AND TG_OP = 'DELETE' AND OLD.at < now() - interval '30 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'What the audit log says is neither changed nor deleted.' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit_records
FOR EACH ROW EXECUTE FUNCTION refuse_other_history();
CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit_records
FOR EACH STATEMENT EXECUTE FUNCTION refuse_other_history();

-- Deletes some of the oldest, with the rights of the table's owner: a role that may only add can call it, and can have
-- nothing deleted thereby that is younger than thirty days. Returns how many.
CREATE FUNCTION clear_audit_records(days integer, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM audit_records WHERE id = ANY(ARRAY(
            SELECT id FROM audit_records WHERE at < now() - greatest(days, 30) * interval '1 day'
            ORDER BY at, id LIMIT most
        )) RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
