"""The index of texts sorts in at once what many documents have in common.

How much it keeps unsorted was said at the index, for everybody and for good. Now each connection says it, and a
change of many issues says more.
"""

from typing import Any

from alembic import op

revision = "0038"
down_revision = "0037"

GATHER = """
CREATE FUNCTION gather_issue_documents() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting('gin_pending_list_limit');
BEGIN
    PERFORM set_config('gin_pending_list_limit', '8MB', true);
    RETURN before;
END
$$
"""
SORT_IN = """
CREATE FUNCTION sort_in_issue_documents(before text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gin_clean_pending_list('issue_documents_document_idx');
    PERFORM set_config('gin_pending_list_limit', before, true);
END
$$
"""
RELABEL = """
CREATE OR REPLACE FUNCTION relabel_issue_documents(ids bigint[]) RETURNS void
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
$$
"""


def upgrade() -> None:
    for statement in (GATHER, SORT_IN, RELABEL):
        op.get_bind().exec_driver_sql(statement)
    op.execute("ALTER INDEX issue_documents_document_idx RESET (gin_pending_list_limit)")


def downgrade() -> None:
    op.execute("ALTER INDEX issue_documents_document_idx SET (gin_pending_list_limit = 256)")
    op.get_bind().exec_driver_sql(_module("0033").RELABEL)
    op.execute("DROP FUNCTION sort_in_issue_documents(text)")
    op.execute("DROP FUNCTION gather_issue_documents()")


def _module(revision: str) -> Any:
    """The migration that made what this one changes."""
    return op.get_context().script.get_revision(revision).module  # type: ignore[union-attr]
