"""People react to issues and comments; how many do stands beside these, and lists are sorted by it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"

TIME = sa.TIMESTAMP(timezone=True)
COUNTS = """
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

CREATE FUNCTION keep_reactions(issue_ids bigint[], comment_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM issues WHERE id = ANY (issue_ids) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM set_config('cairn.tying', 'on', true);
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
    PERFORM set_config('cairn.tying', '', true);
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
"""
STAMPS = """
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON reactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON reactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON reactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();
"""


def upgrade() -> None:
    op.create_table(
        "reactions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("issue_id", sa.BigInteger(), sa.ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), sa.ForeignKey("comments.id", ondelete="CASCADE"), nullable=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("feeling", sa.String(), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "feeling IN ('+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes')",
            name=op.f("reactions_feeling_check"),
        ),
    )
    key = ["issue_id", "comment_id", "feeling", "user_id"]
    op.create_index("reactions_key", "reactions", key, unique=True, postgresql_nulls_not_distinct=True)
    op.create_index(op.f("reactions_user_id_idx"), "reactions", ["user_id"])
    commented = sa.text("comment_id IS NOT NULL")
    op.create_index("reactions_comment_id_idx", "reactions", ["comment_id"], postgresql_where=commented)
    for table in ("issues", "comments"):
        op.add_column(
            table, sa.Column("reactions", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False)
        )
    op.add_column("issues", sa.Column("reaction_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    # A list sorted by it would else sort all issues of a project: some two seconds for a million of them.
    op.create_index(op.f("issues_project_id_reaction_count_id_idx"), "issues", ["project_id", "reaction_count", "id"])
    op.execute(COUNTS)
    op.execute(STAMPS)


def downgrade() -> None:
    op.drop_table("reactions")
    for function in (
        "rereacted()",
        "reacted()",
        "keep_reactions(bigint[], bigint[])",
        "reaction_counts(bigint, bigint)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index(op.f("issues_project_id_reaction_count_id_idx"), "issues")
    op.drop_column("issues", "reaction_count")
    op.drop_column("issues", "reactions")
    op.drop_column("comments", "reactions")
