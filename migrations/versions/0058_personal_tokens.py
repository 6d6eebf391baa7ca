"""Personal access tokens, and an end of those for feeds: a year from now for those that there are."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "personal_tokens",
        sa.Column(
            "id",
            sa.BigInteger(),
            sa.ForeignKey("sign_ins.id", name=op.f("personal_tokens_id_fkey"), ondelete="CASCADE"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.String(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("warned_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("personal_tokens_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("personal_tokens_token_hash_key")),
        sa.CheckConstraint("scope IN ('read', 'write', 'admin')", name=op.f("personal_tokens_scope_check")),
    )
    # The default is for the version before, which serves meanwhile and knows no end.
    year = sa.text("now() + interval '365 days'")
    op.add_column("feed_tokens", sa.Column("expires_at", TIME, server_default=year, nullable=False))
    op.add_column("feed_tokens", sa.Column("warned_at", TIME, nullable=True))


def downgrade() -> None:
    # Without its token's row a sign-in is one like all others, and would be listed as a login.
    op.execute("DELETE FROM sign_ins WHERE id IN (SELECT id FROM personal_tokens)")
    op.drop_table("personal_tokens")
    op.drop_column("feed_tokens", "warned_at")
    op.drop_column("feed_tokens", "expires_at")
