"""A new title, and new labels, stay within reach of a phrase, whatever stands before them in the document.

Both are written at its end, and a document has places for 16,383 words: what comes later has no order any more. In a
long text that was the next title; in a short one each turn of titles and labels left the places of those before.
"""

from typing import Any

from alembic import op

revision = "0033"
down_revision = "0032"

# Whether what has these weights stands in the second half of the places, where a document is better written anew:
# it then begins with the title.
FAR = r"""
CREATE FUNCTION search_is_far(document tsvector, weights "char"[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(ts_filter(document, weights)) AS word, unnest(word.positions) AS place WHERE place > 8192
    );
END
$body$;
"""
CHANGED_ISSUE = r"""
CREATE OR REPLACE FUNCTION document_changed_issue() RETURNS trigger LANGUAGE plpgsql AS $body$
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
$body$;
"""
RELABEL = r"""
CREATE OR REPLACE FUNCTION relabel_issue_documents(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    far bigint[];
BEGIN
    PERFORM FROM issue_documents WHERE issue_id = ANY (ids) ORDER BY issue_id FOR NO KEY UPDATE;
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
END
$body$;
"""


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    for statement in (FAR, CHANGED_ISSUE, RELABEL):
        run(statement)


def downgrade() -> None:
    run = op.get_bind().exec_driver_sql
    run(_module("0032").CHANGED_ISSUE)
    relabel, _, _ = next(one for one in _module("0016").TRIGGERS if "relabel_issue_documents(ids" in one).partition(
        "CREATE FUNCTION document_labelled"
    )
    run(relabel.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    run('DROP FUNCTION search_is_far(tsvector, "char"[])')


def _module(revision: str) -> Any:
    """The migration that made what this one changes."""
    return op.get_context().script.get_revision(revision).module  # type: ignore[union-attr]
