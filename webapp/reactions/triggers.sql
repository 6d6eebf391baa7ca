-- How many there are of each feeling, in their order; nothing of none.
CREATE FUNCTION reaction_counts(of_issue bigint, of_comment bigint) RETURNS integer[]
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) = 0 THEN '{}' ELSE ARRAY[
        count(*) FILTER (WHERE feeling = '+1'),
        count(*) FILTER (WHERE feeling = '-1'),
        count(*) FILTER (WHERE feeling = 'laugh'),
        count(*) FILTER (WHERE feeling = 'hooray'),
        count(*) FILTER (WHERE feeling = 'confused'),
        count(*) FILTER (WHERE feeling = 'heart'),
        count(*) FILTER (WHERE feeling = 'rocket'),
        count(*) FILTER (WHERE feeling = 'eyes')
    ]::integer[] END
    FROM reactions
    WHERE issue_id = of_issue AND (comment_id = of_comment OR comment_id IS NULL AND of_comment IS NULL)
$$;

-- These counts beside the issues and comments themselves, so that a list is read and sorted from one table, and a
-- text without any is known as such. The issues are locked first, in the order of all: what is counted afterwards has
-- what others have just committed. Null in `comment_ids` stands for the issue itself.
CREATE FUNCTION keep_reactions(issue_ids bigint[], comment_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issues WHERE id = ANY (issue_ids) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE issues
    SET reactions = now.counts, reaction_count = (SELECT coalesce(sum(one), 0) FROM unnest(now.counts) AS one)
    FROM (
        SELECT issue_id, reaction_counts(issue_id, NULL) AS counts
        FROM (
            SELECT DISTINCT issue_id FROM unnest(issue_ids, comment_ids) AS changed (issue_id, comment_id)
            WHERE comment_id IS NULL
        ) AS those
    ) AS now
    WHERE issues.id = now.issue_id AND issues.reactions <> now.counts;
    UPDATE comments
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

CREATE FUNCTION reacted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_reactions(array_agg(issue_id), array_agg(comment_id)) FROM changed HAVING count(*) > 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER reacted AFTER INSERT ON reactions REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION reacted();
CREATE TRIGGER unreacted AFTER DELETE ON reactions REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION reacted();

CREATE FUNCTION rereacted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_reactions(ARRAY[OLD.issue_id, NEW.issue_id], ARRAY[OLD.comment_id, NEW.comment_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER rereacted AFTER UPDATE OF issue_id, comment_id, feeling ON reactions
FOR EACH ROW EXECUTE FUNCTION rereacted();
