-- How many private comments an issue has, those in the trash too, stands beside it: so the few issues that have any are
-- known by an index, and nobody has to ask where there are none.
CREATE FUNCTION count_private_comment() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.private THEN
        UPDATE issues SET private_comments = private_comments - 1 WHERE id = OLD.issue_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.private THEN
        UPDATE issues SET private_comments = private_comments + 1 WHERE id = NEW.issue_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER private_new AFTER INSERT ON comments
FOR EACH ROW WHEN (NEW.private) EXECUTE FUNCTION count_private_comment();
CREATE TRIGGER private_changed AFTER UPDATE OF private, issue_id ON comments
FOR EACH ROW WHEN ((OLD.private, OLD.issue_id) IS DISTINCT FROM (NEW.private, NEW.issue_id))
EXECUTE FUNCTION count_private_comment();
CREATE TRIGGER private_gone AFTER DELETE ON comments
FOR EACH ROW WHEN (OLD.private) EXECUTE FUNCTION count_private_comment();
