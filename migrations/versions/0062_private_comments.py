"""Private comments: a flag, how many an issue has, and words of a search that leave them out."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"

COUNTING = """
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
"""

# What `{public}` and `{public_new}` stand for is what this changes.
DOCUMENTS = """
CREATE OR REPLACE FUNCTION made_issue_documents(ids bigint[])
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
            WHERE comments.issue_id = issues.id AND comments.deleted_at IS NULL{public}
        ) AS comment
        WHERE before < 60000
    ) AS said ON true
    WHERE issues.id = ANY (ids) AND issues.deleted_at IS NULL
$$;

CREATE OR REPLACE FUNCTION document_new_comments() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE issue_documents
    SET document = document || said.part
    FROM (
        SELECT
            issue_id,
            search_part(left(string_agg(search_words(left(body, 60000)), '  ' ORDER BY id), 60000), 'D') AS part
        FROM added
        WHERE deleted_at IS NULL{public_new}
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
"""

DOCUMENT_CHANGED = """
DROP TRIGGER document_changed ON comments;
CREATE TRIGGER document_changed AFTER UPDATE OF {columns} ON comments
FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION document_changed_comment();
"""

STAMPED = """
DROP TRIGGER stamp_1_update ON comments;
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE OF
    {columns}
ON comments DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
"""


def upgrade() -> None:
    op.add_column("comments", sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("comments_private_idx", "comments", ["issue_id"], postgresql_where=sa.text("private"))
    column = sa.Column("private_comments", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    op.add_column("issues", column)
    _index("private OR private_comments > 0")
    op.execute(COUNTING)
    _search("body, issue_id, deleted_at, private", " AND NOT comments.private", " AND NOT private")
    _stamp("issue_id, author_id, body, private, created_at, edited_at, version, origin, deleted_at, deleted_by")


def downgrade() -> None:
    """Without the flag nothing would hide them any more: they go, with what belongs to them."""
    op.execute("DELETE FROM events USING comments WHERE private AND data ->> 'comment' = comments.id::text")
    op.execute("DELETE FROM comments WHERE private")
    op.execute("DROP TRIGGER private_new ON comments")
    op.execute("DROP TRIGGER private_changed ON comments")
    op.execute("DROP TRIGGER private_gone ON comments")
    op.execute("DROP FUNCTION count_private_comment()")
    _search("body, issue_id, deleted_at", "", "")
    _stamp("issue_id, author_id, body, created_at, edited_at, version, origin, deleted_at, deleted_by")
    _index("private")
    op.drop_column("issues", "private_comments")
    op.drop_index("comments_private_idx", "comments")
    op.drop_column("comments", "private")


def _index(where: str) -> None:
    op.drop_index("issues_private_idx", "issues")
    op.create_index("issues_private_idx", "issues", ["project_id"], postgresql_where=sa.text(where))


def _search(columns: str, public: str, public_new: str) -> None:
    op.execute(DOCUMENTS.replace("{public}", public).replace("{public_new}", public_new))
    old, new = (", ".join(f"{row}.{one}" for one in columns.split(", ")) for row in ("OLD", "NEW"))
    changed = DOCUMENT_CHANGED.replace("{columns}", columns)
    op.execute(changed.replace("{old}", old).replace("{new}", new))


def _stamp(columns: str) -> None:
    op.execute(STAMPED.replace("{columns}", columns))
