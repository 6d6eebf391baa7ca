-- Full text: one document for each issue, kept in step by the database itself, so that no way to change an issue can
-- forget it. What a word is says search_words; webapp/text/words.py says the same, and a test compares them.

-- Accents, case and what takes no room are dropped, what is neither letter nor digit parts words, but for the signs of
-- names, and scripts without blanks and emoji are read character by character. No collation and no extension has a say,
-- so that every server makes the same of a text. Most texts have no names of several parts and none with signs: they are
-- looked for first, as a look takes no copy.
CREATE FUNCTION search_words(source text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN octet_length(source) <> length(source) THEN search_words_of_any_script(source)
        WHEN source COLLATE "C" ~
            '[a-z][A-Z]|[0-9][A-Z][a-z]|[A-Z][A-Z][a-z][a-z]|[A-Za-z](\+\+|#)|\.[Nn][Ee][Tt]'
        THEN search_names(
            search_humps(translate(source, E'\x01\x02\x03\x04', '    ')), '[^a-z0-9\x01-\x04]+'
        )
        ELSE btrim(regexp_replace(lower(source COLLATE "C"), '[^a-z0-9]+' COLLATE "C", ' ', 'g'))
    END
$$;

-- A mark where a word begins within one: getUserName, HTTPServer. `URLs` and `0x1F` are none of several.
CREATE FUNCTION search_humps(source text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN regexp_replace(
        source COLLATE "C",
        '(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})',
        E'\x01',
        'g'
    );
END
$$;

-- The words of a text whose parts are marked: get|user|name, c++, c#, .net. While it is taken apart, other characters
-- stand for these signs; they were taken out of it before.
CREATE FUNCTION search_names(source text, separators text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text COLLATE "C" := lower(source COLLATE "C");
BEGIN
    IF plain ~ '[a-z](\+\+|#)|\.net' THEN
        plain := regexp_replace(plain, '(?<=[a-z])\+\+', E'\x02\x02 ', 'g');
        plain := regexp_replace(plain, '(?<=[a-z])#(?![a-z0-9])', E'\x03', 'g');
        plain := regexp_replace(plain, '\.net(?![a-z0-9])', E' \x04net', 'g');
    END IF;
    RETURN translate(
        btrim(regexp_replace(plain, separators, ' ', 'g')), E'\x01\x02\x03\x04', '|+#.'
    );
END
$$;

CREATE FUNCTION search_words_of_any_script(source text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text COLLATE "C" := lower(search_humps(regexp_replace(
        normalize(translate(source, E'\x01\x02\x03\x04', '    '), NFKD),
        '[\u00AD\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F'
        '\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF'
        '\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF'
        '\U0001F3FB-\U0001F3FF\U000E0000-\U000E007F]',
        '',
        'g'
    )) COLLATE "C");
    pair text;
BEGIN
    IF plain ~ '[\u00C6-\u018F\u1E9E]' THEN
        FOREACH pair IN ARRAY ARRAY['ßss', 'ẞss', 'Æae', 'æae', 'Œoe', 'œoe'] LOOP
            plain := replace(plain, left(pair, 1), right(pair, 2));
        END LOOP;
        plain := translate(plain, 'ØøĐđÐðŁłĦħŦŧıÞŊƏ', 'ooddddllhhttiþŋə');
    END IF;
    IF plain ~ '[\u0391-\u03C2]' THEN
        plain := translate(plain, 'ςΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ', 'σαβγδεζηθικλμνξοπρστυφχψω');
    END IF;
    IF plain ~ '[\u0402-\u042F]' THEN
        plain := translate(plain, 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ', 'абвгдежзиклмнопрстуфхцчшщъыьэюя');
    END IF;
    IF plain ~ '[\u0402-\u040F\u0490-\u04E8]' THEN
        plain := translate(plain, 'ЂЄЅІЈЉЊЋЏҐҒҖҚҢҪҮҰҲҺӘӨ', 'ђєѕіјљњћџґғҗқңҫүұҳһәө');
    END IF;
    IF plain ~ '[\u0531-\u0556]' THEN
        plain := translate(
            plain, 'ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ', 'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ'
        );
    END IF;
    plain := regexp_replace(
        normalize(plain, NFC),
        '([\u0E01-\u0E3A\u0E40-\u0E4E\u0E50-\u0E59\u0E81-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF'
        '\u3005-\u3007\u3021-\u302F\u3031-\u303C\u303E-\u309F\u30A1-\u30FA\u30FC-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF'
        '\uF900-\uFAFF\U00020000-\U0003FFFF'
        '\u231A\u231B\u23E9-\u23FA\u2600-\u27BF\u2B1B\u2B1C\u2B50\u2B55\U0001F000-\U0001FAFF])',
        ' \1 ',
        'g'
    );
    RETURN search_names(
        plain,
        '[\u0005-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7'
        '\u02C2-\u02DF\u037E\u0387\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05F3\u05F4\u060C\u061B\u061F'
        '\u066A-\u066D\u06D4\u0964\u0965\u0E3F\u0E4F\u0E5A\u0E5B\u1361-\u1368\u1400\u166D\u166E\u1680\u1800-\u180A'
        '\u2000-\u206F\u20A0-\u20CF\u2190-\u2319\u231C-\u23E8\u23FB-\u25FF\u27C0-\u2B1A\u2B1D-\u2B4F\u2B51-\u2B54'
        '\u2B56-\u2BFF\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\u3030\u303D\u30A0\u30FB'
        '\uE000-\uF8FF\uFE10-\uFE1F\uFE30-\uFE6F\uFEFF\uFFF0-\uFFFF\U000E0080-\U0010FFFF]+'
    );
END
$$;

-- The words at their places, written as PostgreSQL writes a document itself: its parser takes `1e5` and paths apart
-- in ways of its own. Two blanks leave a place empty, over which no phrase reaches. In plpgsql, which keeps the plans
-- of what it runs; a function of SQL that is not written out where it stands is planned anew by each statement.
CREATE FUNCTION search_part(words text, weight text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF words = '' THEN
        RETURN ''::tsvector;
    END IF;
    IF words !~ '[|+#.]' THEN
        RETURN (
            SELECT coalesce(string_agg(left(word, 64) || ':' || least(place + 1, 16383) || weight, ' '), '')::tsvector
            FROM string_to_table(words, ' ') WITH ORDINALITY AS each(word, place)
            WHERE word <> ''
        );
    END IF;
    RETURN (
        SELECT coalesce(string_agg(left(form, 64) || ':' || least(place + 1, 16383) || weight, ' '), '')::tsvector
        FROM (
            SELECT word, place
            FROM string_to_table(words, ' ') WITH ORDINALITY AS each(word, place)
            WHERE word <> '' AND word !~ '[|+#.]'
            UNION ALL
            SELECT forms.form, place
            FROM string_to_table(words, ' ') WITH ORDINALITY AS each(word, place), search_forms(word) AS forms(form)
            WHERE word ~ '[|+#.]'
        ) AS found(form, place)
    );
END
$$;

-- By what a word is found: whole, by each of its parts, and with and without its signs; all of it in one place.
CREATE FUNCTION search_forms(word text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT form
    FROM (
        SELECT replace(word, '|', '')
        UNION ALL
        SELECT part FROM string_to_table(word, '|') AS part WHERE strpos(word, '|') > 0 AND length(part) > 1
    ) AS each(one), LATERAL (VALUES (one), (btrim(one, '+#.'))) AS both_ways(form)
$$;

-- Where an issue is to be found, in words that no text can have: its project, and in which 1,024 and 32,768 numbers
-- of the project, and ids of all issues, it is. A search looks into the newest of these first.
CREATE FUNCTION search_scope(project_id bigint, number bigint, id bigint) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN array_to_tsvector(ARRAY[
        'p/' || project_id,
        'p/' || project_id || '/s/' || (number >> 10),
        'p/' || project_id || '/l/' || (number >> 15),
        's/' || (id >> 10),
        'l/' || (id >> 15)
    ]);
END
$$;

CREATE FUNCTION search_newest(place text, last bigint, size int) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT quote_literal(place || '/' || (last >> size))::tsquery
        || quote_literal(place || '/' || ((last >> size) - 1))::tsquery
$$;

-- Whether what has these weights stands in the second half of the places, where a document is better written anew:
-- it then begins with the title.
CREATE FUNCTION search_is_far(document tsvector, weights "char"[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(ts_filter(document, weights)) AS word, unnest(word.positions) AS place WHERE place > 8192
    );
END
$$;

-- The one place that says what a document is made of. Private comments are not in it: it is the same for all who search.
CREATE FUNCTION issue_document(
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

-- A document ends somewhere: PostgreSQL holds no more than a megabyte, and nobody waits for more.
CREATE FUNCTION made_issue_documents(ids bigint[])
RETURNS TABLE (issue_id bigint, project_id bigint, document tsvector)
LANGUAGE sql STABLE AS $$
    SELECT
        issues.id,
        issues.project_id,
        issue_document(
            issues.project_id, issues.number, issues.id, issues.title, issues.body, labelled.words, said.words
        )
    FROM issues
    LEFT JOIN LATERAL (
        SELECT string_agg(search_words(left(labels.name, 1000)), '  ') AS words
        FROM issue_labels JOIN labels ON labels.id = issue_labels.label_id
        WHERE issue_labels.issue_id = issues.id
    ) AS labelled ON true
    LEFT JOIN LATERAL (
        SELECT string_agg(search_words(left(body, (60000 - before)::int)), '  ' ORDER BY id) AS words
        FROM (
            SELECT id, body, sum(length(body)) OVER (ORDER BY id) - length(body) AS before
            FROM comments
            WHERE comments.issue_id = issues.id AND comments.deleted_at IS NULL AND NOT comments.private
        ) AS comment
        WHERE before < 60000
    ) AS said ON true
    WHERE issues.id = ANY (ids) AND issues.deleted_at IS NULL
$$;

-- The rows are locked first: what is read afterwards has what others have just committed.
CREATE FUNCTION refresh_issue_documents(ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issue_documents WHERE issue_id = ANY (ids) ORDER BY issue_id FOR NO KEY UPDATE;
    INSERT INTO issue_documents AS kept (issue_id, project_id, document)
    SELECT issue_id, project_id, document FROM made_issue_documents(ids) ORDER BY issue_id
    ON CONFLICT (issue_id) DO UPDATE SET project_id = excluded.project_id, document = excluded.document
    WHERE kept.document IS DISTINCT FROM excluded.document;
END
$$;

-- New issues have no comments yet; labels that come with them have a trigger of their own.
CREATE FUNCTION document_new_issues() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO issue_documents (issue_id, project_id, document)
    SELECT id, project_id, issue_document(project_id, number, id, title, body, NULL, NULL)
    FROM added WHERE deleted_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER document_new AFTER INSERT ON issues REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION document_new_issues();

-- A title alone is told apart by its weight, so that no text has to be read again.
CREATE FUNCTION document_changed_issue() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    written tsvector;
BEGIN
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM issue_documents WHERE issue_id = NEW.id;
        RETURN NULL;
    END IF;
    IF (OLD.body, OLD.project_id, OLD.number, OLD.deleted_at)
        IS NOT DISTINCT FROM (NEW.body, NEW.project_id, NEW.number, NEW.deleted_at)
    THEN
        UPDATE issue_documents
        SET document = ts_filter(document, '{b,c,d}')
            || search_part(NEW.number || '  ' || search_words(left(NEW.title, 1000)), 'A')
            || search_scope(NEW.project_id, NEW.number, NEW.id)
        WHERE issue_id = NEW.id
        RETURNING document INTO written;
        IF NOT search_is_far(written, '{a}') THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM refresh_issue_documents(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER document_changed AFTER UPDATE OF title, body, project_id, number, deleted_at ON issues
FOR EACH ROW WHEN (
    (OLD.title, OLD.body, OLD.project_id, OLD.number, OLD.deleted_at)
    IS DISTINCT FROM (NEW.title, NEW.body, NEW.project_id, NEW.number, NEW.deleted_at)
) EXECUTE FUNCTION document_changed_issue();

-- New comments are only added to what is there, however long the thread is.
CREATE FUNCTION document_new_comments() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE issue_documents
    SET document = document || said.part
    FROM (
        SELECT
            issue_id,
            search_part(left(string_agg(search_words(left(body, 60000)), '  ' ORDER BY id), 60000), 'D') AS part
        FROM added
        WHERE deleted_at IS NULL AND NOT private
        GROUP BY issue_id
        ORDER BY issue_id
    ) AS said
    WHERE issue_documents.issue_id = said.issue_id AND length(document) < 20000;
    RETURN NULL;
EXCEPTION WHEN program_limit_exceeded THEN
    PERFORM refresh_issue_documents(array(SELECT DISTINCT issue_id FROM added));
    RETURN NULL;
END
$$;
CREATE TRIGGER document_new AFTER INSERT ON comments REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION document_new_comments();

CREATE FUNCTION document_changed_comment() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_issue_documents(ARRAY[OLD.issue_id, NEW.issue_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER document_changed AFTER UPDATE OF body, issue_id, deleted_at, private ON comments
FOR EACH ROW WHEN (
    (OLD.body, OLD.issue_id, OLD.deleted_at, OLD.private)
    IS DISTINCT FROM (NEW.body, NEW.issue_id, NEW.deleted_at, NEW.private)
) EXECUTE FUNCTION document_changed_comment();

CREATE FUNCTION document_gone_comments() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_issue_documents(array(SELECT DISTINCT issue_id FROM gone));
    RETURN NULL;
END
$$;
CREATE TRIGGER document_gone AFTER DELETE ON comments REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION document_gone_comments();

-- The index keeps what is new in a list that each search reads through, and sorts it in when that has grown: after
-- a quarter of a megabyte, as the settings of Cairn's connections say. Each word then costs a way down the index. Many
-- documents gather more of it, so that a word which they share is sorted in once, and leave nothing in the list.
CREATE FUNCTION gather_issue_documents() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting('gin_pending_list_limit');
BEGIN
    PERFORM set_config('gin_pending_list_limit', '8MB', true);
    RETURN before;
END
$$;

CREATE FUNCTION sort_in_issue_documents(before text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gin_clean_pending_list('issue_documents_document_idx');
    PERFORM set_config('gin_pending_list_limit', before, true);
END
$$;

-- Labels are told apart by their weight, too.
CREATE FUNCTION relabel_issue_documents(ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    far bigint[];
    before text;
BEGIN
    PERFORM FROM issue_documents WHERE issue_id = ANY (ids) ORDER BY issue_id FOR NO KEY UPDATE;
    IF cardinality(ids) > 50 THEN before := gather_issue_documents(); END IF;
    WITH written AS (
        UPDATE issue_documents
        SET document = ts_filter(document, '{a,c,d}')
            || search_part(coalesce((
                SELECT string_agg(search_words(left(labels.name, 1000)), '  ')
                FROM issue_labels JOIN labels ON labels.id = issue_labels.label_id
                WHERE issue_labels.issue_id = issues.id
            ), ''), 'B')
            || search_scope(issues.project_id, issues.number, issues.id)
        FROM issues
        WHERE issue_documents.issue_id = ANY (ids) AND issues.id = issue_documents.issue_id
        RETURNING issue_documents.issue_id, document
    )
    SELECT array_agg(issue_id) INTO far FROM written WHERE search_is_far(document, '{b}');
    IF far IS NOT NULL THEN
        PERFORM refresh_issue_documents(far);
    END IF;
    IF before IS NOT NULL THEN PERFORM sort_in_issue_documents(before); END IF;
END
$$;

CREATE FUNCTION document_labelled() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM relabel_issue_documents(array(SELECT DISTINCT issue_id FROM changed));
    RETURN NULL;
END
$$;
CREATE TRIGGER document_labelled AFTER INSERT ON issue_labels REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION document_labelled();
CREATE TRIGGER document_unlabelled AFTER DELETE ON issue_labels REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION document_labelled();

CREATE FUNCTION document_renamed_label() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM relabel_issue_documents(array(SELECT issue_id FROM issue_labels WHERE label_id = NEW.id));
    RETURN NULL;
END
$$;
CREATE TRIGGER document_renamed AFTER UPDATE OF name ON labels
FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION document_renamed_label();
