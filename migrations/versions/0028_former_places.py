"""A number that an issue has left stays taken when the issue is deleted for good: no import brings it back there."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

NAME = "issue_aliases_issue_id_fkey"


def upgrade() -> None:
    op.alter_column("issue_aliases", "issue_id", existing_type=sa.BigInteger(), nullable=True)
    _refer("SET NULL")


def downgrade() -> None:
    op.execute("DELETE FROM issue_aliases WHERE issue_id IS NULL")
    op.alter_column("issue_aliases", "issue_id", existing_type=sa.BigInteger(), nullable=False)
    _refer("CASCADE")


def _refer(ondelete: str) -> None:
    op.drop_constraint(NAME, "issue_aliases")
    op.create_foreign_key(NAME, "issue_aliases", "issues", ["issue_id"], ["id"], ondelete=ondelete)
