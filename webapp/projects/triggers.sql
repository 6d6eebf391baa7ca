-- Counters that tell when what a process keeps of a project is old. The database moves them, whoever writes.
-- What a transaction touches is noted in a setting of its own, which a savepoint takes back as it does the rows. The
-- first note lets the counters be moved when the transaction ends: once, by project, after all other rows, so that
-- nobody who waits there keeps anybody waiting.

-- A note is a letter and the id of a project: s for what is said about issues, w for words, g for a project gone.
-- People have one note for all, p0, as they have one counter. Most statements of a change find theirs noted already. An
-- expression is worked out in a fraction of the time of a PERFORM, which is a query: set_config stands in expressions.
CREATE FUNCTION stamp_noted(kind text, one bigint, other bigint DEFAULT NULL) RETURNS boolean
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

-- The same for whatever belongs to an issue. One that goes with its issue, or comes along with it, finds none or the
-- new place; the issue's own row notes the rest.
CREATE FUNCTION stamp_noted_of(one bigint, other bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    first boolean := stamp_noted('s', (SELECT project_id FROM issues WHERE id = one));
BEGIN
    IF other IS NULL OR other = one THEN RETURN first; END IF;
    RETURN stamp_noted('s', (SELECT project_id FROM issues WHERE id = other)) OR first;
END
$$;

-- Moved with the time, so that a server which lost its last seconds never tells another state by the same counter.
CREATE FUNCTION move_stamps() RETURNS trigger
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

-- For each table: when, and what is noted. In UPDATE OF, whoever names a column is taken to change it. Left out are
-- what a page makes of a text when it is first read, and what the database makes of the rest.

-- projects
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON projects DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', NEW.id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON projects DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON projects DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('g', OLD.id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE OF
    key, name, description, visibility, owner_id, archived_at, importing_since, default_view_id, private_role
ON projects DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    (OLD.key, OLD.name, OLD.description, OLD.visibility, OLD.owner_id, OLD.archived_at, OLD.importing_since,
     OLD.default_view_id, OLD.private_role)
    IS DISTINCT FROM (NEW.key, NEW.name, NEW.description, NEW.visibility, NEW.owner_id, NEW.archived_at,
     NEW.importing_since, NEW.default_view_id, NEW.private_role)
    AND stamp_noted('w', OLD.id)
) EXECUTE FUNCTION move_stamps();

-- project_aliases
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON project_aliases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON project_aliases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON project_aliases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- memberships
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON memberships DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON memberships DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON memberships DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- invitations
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON invitations DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON invitations DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON invitations DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- issue_templates
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issue_templates DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON issue_templates DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issue_templates DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- views
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON views DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON views DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON views DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- statuses
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON statuses DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON statuses DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON statuses DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- milestones
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON milestones DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON milestones DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON milestones DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- labels: how many issues a label has is told with them.
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON labels DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF project_id, name, color, description ON labels
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON labels DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('w', OLD.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE OF issue_count ON labels DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', NEW.project_id)) EXECUTE FUNCTION move_stamps();

-- issues: all columns, so that none that is new can be forgotten. What stores nothing but the HTML of a text, or the
-- ids of ties, which move it themselves, changes no version. A text that another renderer makes into HTML again is
-- shown anew.
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issues DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON issues DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    (OLD.version <> NEW.version OR (OLD.html_version, OLD.label_ids, OLD.assignee_ids)
        IS NOT DISTINCT FROM (NEW.html_version, NEW.label_ids, NEW.assignee_ids))
    AND stamp_noted('s', OLD.project_id, NEW.project_id)
) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issues DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE OF body_html ON issues DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    OLD.body_html IS NOT NULL AND OLD.body_html IS DISTINCT FROM NEW.body_html
    AND stamp_noted('s', NEW.project_id)
) EXECUTE FUNCTION move_stamps();

-- issue_aliases
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issue_aliases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON issue_aliases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issue_aliases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- issue_documents
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issue_documents DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON issue_documents DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issue_documents DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- issue_labels
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issue_labels DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF issue_id, label_id ON issue_labels
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issue_labels DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- issue_assignees
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issue_assignees DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF issue_id, user_id ON issue_assignees
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issue_assignees DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- issue_links
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issue_links DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.source_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON issue_links DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.source_id, NEW.source_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issue_links DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.source_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_insert AFTER INSERT ON issue_links DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.target_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE ON issue_links DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.target_id, NEW.target_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_delete AFTER DELETE ON issue_links DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.target_id)) EXECUTE FUNCTION move_stamps();

-- issue_references
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON issue_references DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.source_issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON issue_references DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.source_issue_id, NEW.source_issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON issue_references DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.source_issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_insert AFTER INSERT ON issue_references DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.target_issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE ON issue_references DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.target_issue_id, NEW.target_issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_delete AFTER DELETE ON issue_references DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.target_issue_id)) EXECUTE FUNCTION move_stamps();

-- user_mentions
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON user_mentions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON user_mentions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON user_mentions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- comments: as for issues.
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON comments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF
    issue_id, author_id, body, private, created_at, edited_at, version, origin, deleted_at, deleted_by
ON comments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON comments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE OF body_html ON comments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    OLD.body_html IS NOT NULL AND OLD.body_html IS DISTINCT FROM NEW.body_html
    AND stamp_noted_of(NEW.issue_id)
) EXECUTE FUNCTION move_stamps();

-- reactions
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON reactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON reactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON reactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- text_versions
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON text_versions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON text_versions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON text_versions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- events: they go with their issue when that goes to another project.
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON events DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON events DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id)) EXECUTE FUNCTION move_stamps();

-- attachments
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON attachments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON attachments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id, NEW.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON attachments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('s', OLD.project_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_insert AFTER INSERT ON attachments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE ON attachments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_2_delete AFTER DELETE ON attachments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- users
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('p', 0)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF
    name, handle, email, is_active, is_admin, avatar, origin
ON users DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    (OLD.name, OLD.handle, OLD.email, OLD.is_active, OLD.is_admin, OLD.avatar, OLD.origin)
    IS DISTINCT FROM (NEW.name, NEW.handle, NEW.email, NEW.is_active, NEW.is_admin, NEW.avatar, NEW.origin)
    AND stamp_noted('p', 0)
) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON users DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted('p', 0)) EXECUTE FUNCTION move_stamps();

-- held_posts
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON held_posts DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON held_posts DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON held_posts DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- post_reports
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON post_reports DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON post_reports DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON post_reports DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();

-- What a statement that is committed at once calls where somebody's rights are not as they were seen: nothing of it stays.
CREATE FUNCTION refuse_unseen() RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'Rights are not as they were seen.';
END
$$;
