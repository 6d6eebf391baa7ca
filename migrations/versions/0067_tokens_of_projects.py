"""Personal access tokens that are limited to projects."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    op.add_column("personal_tokens", sa.Column("project_ids", sa.ARRAY(sa.BigInteger())))


def downgrade() -> None:
    """What was limited would reach everywhere without it: it is revoked."""
    op.execute(
        "UPDATE sign_ins SET revoked_at = now() FROM personal_tokens"
        " WHERE personal_tokens.id = sign_ins.id AND project_ids IS NOT NULL AND revoked_at IS NULL"
    )
    op.drop_column("personal_tokens", "project_ids")
