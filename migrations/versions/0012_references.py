"""Issues and people that texts name, and the handles that people are named by."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# Letters and digits of the name; those who have the same get a number, and those without any are "someone".
HANDLES = """
    WITH wished AS (
        SELECT id, coalesce(nullif(left(trim(BOTH '-' FROM regexp_replace(
            lower(CASE WHEN origin LIKE '%:%' THEN split_part(origin, ':', 2) ELSE name END),
            '[^a-z0-9]+', '-', 'g')), 30), ''), 'someone') AS handle
        FROM users
    ), numbered AS (
        SELECT id, handle, row_number() OVER (PARTITION BY handle ORDER BY id) AS place FROM wished
    )
    UPDATE users SET handle = CASE WHEN place = 1 THEN numbered.handle ELSE numbered.handle || '_' || users.id END
    FROM numbered WHERE numbered.id = users.id
"""


def upgrade() -> None:
    op.add_column("users", sa.Column("handle", sa.String(), nullable=True))
    op.execute(HANDLES)
    op.create_unique_constraint(op.f("users_handle_key"), "users", ["handle"])
    op.create_table(
        "issue_references",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source_issue_id", sa.BigInteger(), nullable=False),
        sa.Column("source_comment_id", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("target_issue_id", sa.BigInteger(), nullable=False),
        sa.Column("target_comment", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("issue_references_actor_id_fkey")),
        *_cascades(
            "issue_references", source_issue_id="issues", source_comment_id="comments", target_issue_id="issues"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("issue_references_pkey")),
    )
    _index("issue_references", "actor_id")
    _index("issue_references", "source_comment_id")
    _index("issue_references", "source_issue_id", "source_comment_id")
    _index("issue_references", "target_issue_id", "created_at")
    op.create_table(
        "user_mentions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("user_mentions_actor_id_fkey")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("user_mentions_user_id_fkey")),
        *_cascades("user_mentions", issue_id="issues", comment_id="comments"),
        sa.PrimaryKeyConstraint("id", name=op.f("user_mentions_pkey")),
    )
    _index("user_mentions", "actor_id")
    _index("user_mentions", "comment_id")
    _index("user_mentions", "issue_id", "comment_id")
    _index("user_mentions", "user_id", "created_at")


def _cascades(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"{table}_{column}_fkey"), ondelete="CASCADE")
        for column, target in columns.items()
    ]


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"{table}_{'_'.join(columns)}_idx"), table, list(columns))


def downgrade() -> None:
    op.drop_table("user_mentions")
    op.drop_table("issue_references")
    op.drop_column("users", "handle")
