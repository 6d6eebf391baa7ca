"""A second factor: authenticator apps, passkeys, recovery codes. Empty tables and a constant: no time at all."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "authenticators",
        _owner(primary_key=True),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("used_at", TIME, nullable=True),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        _owner(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.UniqueConstraint("credential_id", name=op.f("passkeys_credential_id_key")),
    )
    op.create_index(op.f("passkeys_user_id_idx"), "passkeys", ["user_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        _owner(),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("recovery_codes_user_id_code_hash_key")),
    )
    op.create_table(
        "used_challenges",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("used_at", TIME, server_default=sa.func.now(), nullable=False),
    )
    op.add_column("users", sa.Column("has_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    op.drop_column("users", "has_factor")
    for table in ("used_challenges", "recovery_codes", "passkeys", "authenticators"):
        op.drop_table(table)


def _owner(*, primary_key: bool = False) -> sa.Column[int]:
    owner = sa.ForeignKey("users.id", ondelete="CASCADE")
    return sa.Column("user_id", sa.BigInteger(), owner, primary_key=primary_key, nullable=False)
