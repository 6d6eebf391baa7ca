"""What newcomers wrote and waits for approval, and what was reported: two empty tables, no time at all."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"

ID = sa.BigInteger()
TIME = sa.TIMESTAMP(timezone=True)
# Pages that are kept tell what waits.
STAMPED = """
CREATE CONSTRAINT TRIGGER stamp_1_insert AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_update AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id, NEW.issue_id)) EXECUTE FUNCTION move_stamps();
CREATE CONSTRAINT TRIGGER stamp_1_delete AFTER DELETE ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (stamp_noted_of(OLD.issue_id)) EXECUTE FUNCTION move_stamps();
"""


def upgrade() -> None:
    op.create_table(
        "held_posts",
        sa.Column("id", ID, sa.Identity(always=False), primary_key=True),
        sa.Column("issue_id", ID, sa.ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
        sa.Column("comment_id", ID, sa.ForeignKey("comments.id", ondelete="CASCADE")),
        sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("comment_id", name=op.f("held_posts_comment_id_key")),
    )
    where = sa.text("comment_id IS NULL")
    op.create_index("held_posts_issue_key", "held_posts", ["issue_id"], unique=True, postgresql_where=where)
    op.create_index(op.f("held_posts_issue_id_idx"), "held_posts", ["issue_id"])
    op.create_table(
        "post_reports",
        sa.Column("id", ID, sa.Identity(always=False), primary_key=True),
        sa.Column("issue_id", ID, sa.ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
        sa.Column("comment_id", ID, sa.ForeignKey("comments.id", ondelete="CASCADE")),
        sa.Column("reporter_id", ID, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("settled_at", TIME),
        sa.CheckConstraint("reason IN ('spam', 'abuse', 'secret', 'other')", name=op.f("post_reports_reason_check")),
    )
    once = [sa.text("issue_id"), sa.text("coalesce(comment_id, 0)"), sa.text("reporter_id")]
    op.create_index("post_reports_once_key", "post_reports", once, unique=True)
    open_ones = sa.text("settled_at IS NULL")
    op.create_index("post_reports_open_idx", "post_reports", ["issue_id"], postgresql_where=open_ones)
    for column in ("comment_id", "reporter_id"):
        op.create_index(op.f(f"post_reports_{column}_idx"), "post_reports", [column])
    for table in ("held_posts", "post_reports"):
        op.execute(STAMPED.format(table=table))


def downgrade() -> None:
    """What waits for approval stays private: its maintainers see it, and let others see it if they like."""
    op.drop_table("post_reports")
    op.drop_table("held_posts")
