"""Links in mails that prove an address, and since when an account's address is proven."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0047"
down_revision = "0046"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "account_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=True),
        sa.Column("data", JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.UniqueConstraint("token_hash", name=op.f("account_tokens_token_hash_key")),
        sa.CheckConstraint(
            "purpose IN ('register', 'confirm', 'reset', 'move', 'undo')", name=op.f("account_tokens_purpose_check")
        ),
    )
    op.create_index(op.f("account_tokens_user_id_idx"), "account_tokens", ["user_id"])
    op.create_index("account_tokens_email_idx", "account_tokens", [sa.text("lower(email)"), "purpose"])
    op.add_column("users", sa.Column("email_confirmed_at", TIME, nullable=True))
    # Until now every address was believed. An upgrade that doubted them all would end the mails of those who have
    # used theirs for years, and nobody could be added by it; what an attacker may have claimed is as it was.
    op.execute("UPDATE users SET email_confirmed_at = created_at WHERE email IS NOT NULL")


def downgrade() -> None:
    op.drop_column("users", "email_confirmed_at")
    op.drop_table("account_tokens")
