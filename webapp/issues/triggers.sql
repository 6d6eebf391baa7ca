-- Where an issue stands on boards, beside its labels and assignees, so that their columns are read in order; none for
-- what is on no such board: closed issues, and those in the trash. Beside its labels also when it was made, so that
-- what has a label is read in the order of lists. The issue is locked, so that it cannot be closed at this moment
-- without its new ties.
CREATE FUNCTION place_label() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    SELECT CASE WHEN i.state = 'open' AND i.deleted_at IS NULL THEN i.position END, i.created_at
    INTO NEW.place, NEW.issue_created_at
    FROM issues i WHERE i.id = NEW.issue_id FOR NO KEY UPDATE;
    RETURN NEW;
END
$$;
CREATE TRIGGER place_label BEFORE INSERT ON issue_labels FOR EACH ROW EXECUTE FUNCTION place_label();

CREATE FUNCTION place_assignee() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    SELECT i.project_id, CASE WHEN i.state = 'open' AND i.deleted_at IS NULL THEN i.position END
    INTO NEW.project_id, NEW.place
    FROM issues i WHERE i.id = NEW.issue_id FOR NO KEY UPDATE;
    RETURN NEW;
END
$$;
CREATE TRIGGER place_assignee BEFORE INSERT ON issue_assignees FOR EACH ROW EXECUTE FUNCTION place_assignee();

CREATE FUNCTION place_links() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE issue_labels
    SET place = CASE WHEN NEW.state = 'open' AND NEW.deleted_at IS NULL THEN NEW.position END,
        issue_created_at = NEW.created_at
    WHERE issue_id = NEW.id;
    UPDATE issue_assignees
    SET project_id = NEW.project_id,
        place = CASE WHEN NEW.state = 'open' AND NEW.deleted_at IS NULL THEN NEW.position END
    WHERE issue_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER place_links AFTER UPDATE ON issues
FOR EACH ROW WHEN (
    (CASE WHEN OLD.state = 'open' AND OLD.deleted_at IS NULL THEN OLD.position END, OLD.project_id, OLD.created_at)
    IS DISTINCT FROM
    (CASE WHEN NEW.state = 'open' AND NEW.deleted_at IS NULL THEN NEW.position END, NEW.project_id, NEW.created_at)
) EXECUTE FUNCTION place_links();

-- The ids of an issue's labels and assignees beside the issue itself, so that a list is read from one table. The
-- issues are locked first, in the order of all: what is read afterwards has what others have just committed.
CREATE FUNCTION keep_label_ids(changed_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issues WHERE id = ANY (changed_ids) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE issues SET label_ids = tied.ids
    FROM (
        SELECT i.id, array(SELECT label_id FROM issue_labels t WHERE t.issue_id = i.id ORDER BY label_id) AS ids
        FROM issues i WHERE i.id = ANY (changed_ids)
    ) AS tied
    WHERE issues.id = tied.id AND issues.label_ids <> tied.ids;
END
$$;

CREATE FUNCTION tied_label_ids() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_label_ids(array(SELECT DISTINCT issue_id FROM changed));
    RETURN NULL;
END
$$;
CREATE TRIGGER tied AFTER INSERT ON issue_labels REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION tied_label_ids();
CREATE TRIGGER untied AFTER DELETE ON issue_labels REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION tied_label_ids();

CREATE FUNCTION retied_label_ids() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_label_ids(ARRAY[OLD.issue_id, NEW.issue_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER retied AFTER UPDATE OF issue_id, label_id ON issue_labels
FOR EACH ROW EXECUTE FUNCTION retied_label_ids();

CREATE FUNCTION keep_assignee_ids(changed_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issues WHERE id = ANY (changed_ids) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE issues SET assignee_ids = tied.ids
    FROM (
        SELECT i.id, array(SELECT user_id FROM issue_assignees t WHERE t.issue_id = i.id ORDER BY user_id) AS ids
        FROM issues i WHERE i.id = ANY (changed_ids)
    ) AS tied
    WHERE issues.id = tied.id AND issues.assignee_ids <> tied.ids;
END
$$;

CREATE FUNCTION tied_assignee_ids() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_assignee_ids(array(SELECT DISTINCT issue_id FROM changed));
    RETURN NULL;
END
$$;
CREATE TRIGGER tied AFTER INSERT ON issue_assignees REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION tied_assignee_ids();
CREATE TRIGGER untied AFTER DELETE ON issue_assignees REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION tied_assignee_ids();

CREATE FUNCTION retied_assignee_ids() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_assignee_ids(ARRAY[OLD.issue_id, NEW.issue_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER retied AFTER UPDATE OF issue_id, user_id ON issue_assignees
FOR EACH ROW EXECUTE FUNCTION retied_assignee_ids();

-- An issue that is deleted for good leaves its number behind, by whatever way it went, so that an import knows that it
-- was here. One that goes with its whole project leaves nothing.
CREATE FUNCTION leave_numbers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO issue_aliases (project_id, number)
    SELECT gone.project_id, gone.number
    FROM gone JOIN projects p ON p.id = gone.project_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER leave_numbers AFTER DELETE ON issues REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION leave_numbers();
