"""What the database does by itself when an issue is written: in as few passes as can be, with plans that are kept.

Nothing of what is stored changes, but for the list of new entries that the index of documents has from now on.
"""

from typing import Any

from alembic import op

revision = "0032"
down_revision = "0031"

# As plpgsql, which keeps the plans of what it runs; a function of SQL that is not written out where it stands is
# planned anew by each statement that calls it.
PART = r"""
CREATE OR REPLACE FUNCTION search_part(words text, weight text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    IF words = '' THEN
        RETURN ''::tsvector;
    END IF;
    RETURN (
        SELECT coalesce(string_agg(left(word, 64) || ':' || least(place + 1, 16383) || weight, ' '), '')::tsvector
        FROM string_to_table(words, ' ') WITH ORDINALITY AS each(word, place)
        WHERE word <> ''
    );
END
$body$;
"""
SCOPE = r"""
CREATE OR REPLACE FUNCTION search_scope(project_id bigint, number bigint, id bigint) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    RETURN array_to_tsvector(ARRAY[
        'p/' || project_id,
        'p/' || project_id || '/s/' || (number >> 10),
        'p/' || project_id || '/l/' || (number >> 15),
        's/' || (id >> 10),
        'l/' || (id >> 15)
    ]);
END
$body$;
"""
# The one place that says what a document is made of.
DOCUMENT = r"""
CREATE FUNCTION issue_document(
    project_id bigint, number bigint, id bigint, title text, body text, labelled text, said text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    RETURN search_part(number || '  ' || search_words(left(title, 1000)), 'A')
        || search_part(coalesce(labelled, ''), 'B')
        || search_part(search_words(left(body, 65536)), 'C')
        || search_part(coalesce(said, ''), 'D')
        || search_scope(project_id, number, id);
END
$body$;
"""
MADE = r"""
CREATE OR REPLACE FUNCTION made_issue_documents(ids bigint[])
RETURNS TABLE (issue_id bigint, project_id bigint, document tsvector) LANGUAGE sql STABLE AS $body$
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
            WHERE comments.issue_id = issues.id AND comments.deleted_at IS NULL
        ) AS comment
        WHERE before < 60000
    ) AS said ON true
    WHERE issues.id = ANY (ids) AND issues.deleted_at IS NULL
$body$;
"""
# New issues have no comments yet; labels that come with them have a trigger of their own.
NEW = r"""
CREATE OR REPLACE FUNCTION document_new_issues() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO issue_documents (issue_id, project_id, document)
    SELECT id, project_id, issue_document(project_id, number, id, title, body, NULL, NULL)
    FROM added WHERE deleted_at IS NULL;
    RETURN NULL;
END
$body$;
"""
# A title alone is told apart by its weight, so that no text has to be read again.
CHANGED_ISSUE = r"""
CREATE OR REPLACE FUNCTION document_changed_issue() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM issue_documents WHERE issue_id = NEW.id;
    ELSIF (OLD.body, OLD.project_id, OLD.number, OLD.deleted_at)
        IS DISTINCT FROM (NEW.body, NEW.project_id, NEW.number, NEW.deleted_at)
    THEN
        PERFORM refresh_issue_documents(ARRAY[NEW.id]);
    ELSE
        UPDATE issue_documents
        SET document = ts_filter(document, '{b,c,d}')
            || search_part(NEW.number || '  ' || search_words(left(NEW.title, 1000)), 'A')
            || search_scope(NEW.project_id, NEW.number, NEW.id)
        WHERE issue_id = NEW.id;
    END IF;
    RETURN NULL;
END
$body$;
"""
# What a set of issues adds: on the days that are its own, and to the contents of statuses and milestones today.
OWN = """
('created', 0::bigint, (i.created_at AT TIME ZONE 'UTC')::date, 1),
('closed', 0, (i.closed_at AT TIME ZONE 'UTC')::date, 1)
"""
CONTENT = """
('status', i.status_id, (now() AT TIME ZONE 'UTC')::date, 1),
('scope', i.milestone_id, (now() AT TIME ZONE 'UTC')::date, 1),
('done', CASE WHEN i.closed_at IS NOT NULL THEN i.milestone_id END, (now() AT TIME ZONE 'UTC')::date, 1)
"""
# The same for new ones, on the days when it came about. One that comes already closed is taken to have waited in the
# first status of its project until it was.
FIRST = """
coalesce(
    (SELECT s.id FROM statuses s WHERE s.project_id = i.project_id ORDER BY s.position, s.id LIMIT 1), i.status_id
)
"""
HISTORY = f"""
('status', CASE WHEN i.closed_at IS NULL THEN i.status_id ELSE {FIRST} END,
 (i.created_at AT TIME ZONE 'UTC')::date, 1),
('status', i.status_id, (i.closed_at AT TIME ZONE 'UTC')::date, 1),
('status', CASE WHEN i.closed_at IS NOT NULL THEN {FIRST} END, (i.closed_at AT TIME ZONE 'UTC')::date, -1),
('scope', i.milestone_id, (i.created_at AT TIME ZONE 'UTC')::date, 1),
('done', i.milestone_id, (i.closed_at AT TIME ZONE 'UTC')::date, 1)
"""
# A project that is being deleted takes its issues along; nothing is counted for it any more.
SUMMED = """
INSERT INTO tallies (project_id, series, of_id, day, n)
SELECT i.project_id, t.series, t.of_id, t.day, sum(t.n * i.sign)
FROM ({issues}) AS i, LATERAL (VALUES {tallied}) AS t (series, of_id, day, n)
WHERE i.deleted_at IS NULL AND t.of_id IS NOT NULL AND t.day IS NOT NULL
AND EXISTS (SELECT FROM projects WHERE projects.id = i.project_id)
GROUP BY i.project_id, t.series, t.of_id, t.day HAVING sum(t.n * i.sign) <> 0
"""
BORN = SUMMED.format(issues="SELECT *, 1 AS sign FROM added", tallied=f"{OWN},{HISTORY}")
# What an issue takes along it brings again, if it did not change: nothing is left of that in the sum.
CHANGED = SUMMED.format(
    issues="SELECT *, -1 AS sign FROM before UNION ALL SELECT *, 1 FROM after", tallied=f"{OWN},{CONTENT}"
)
GONE = SUMMED.format(issues="SELECT *, -1 AS sign FROM gone", tallied=f"{OWN},{CONTENT}")
TALLIES = {"tally_new": BORN, "tally_changed": CHANGED, "tally_gone": GONE}


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    for statement in (PART, SCOPE, DOCUMENT, MADE, NEW, CHANGED_ISSUE):
        run(statement)
    _count_by(TALLIES)
    op.execute("ALTER INDEX issue_documents_document_idx SET (fastupdate = on, gin_pending_list_limit = 256)")


def downgrade() -> None:
    documents, charts = _module("0016"), _module("0023")
    op.execute("ALTER INDEX issue_documents_document_idx RESET (gin_pending_list_limit)")
    op.execute("ALTER INDEX issue_documents_document_idx SET (fastupdate = off)")
    new, changed = (trigger.partition("CREATE TRIGGER")[0] for trigger in documents.TRIGGERS[:2])
    for statement in (documents.PART, documents.SCOPE, documents.MADE, new, changed):
        op.get_bind().exec_driver_sql(statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.execute("DROP FUNCTION issue_document(bigint, bigint, bigint, text, text, text, text)")
    _count_by({"tally_new": charts.BORN, "tally_changed": charts.CHANGED, "tally_gone": charts.GONE})


def _count_by(bodies: dict[str, str]) -> None:
    for name, body in bodies.items():
        op.get_bind().exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {body}; RETURN NULL; END $$"
        )


def _module(revision: str) -> Any:
    """The migration that made what this one changes."""
    return op.get_context().script.get_revision(revision).module  # type: ignore[union-attr]
