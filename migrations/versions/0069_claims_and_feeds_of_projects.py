"""Links that make somebody an imported person, and feed tokens that are limited to projects."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"

CHECK = "account_tokens_purpose_check"
BEFORE = "'register', 'confirm', 'reset', 'move', 'undo'"


def upgrade() -> None:
    """Links are forgotten after a month: to look at each takes no time."""
    op.drop_constraint(op.f(CHECK), "account_tokens")
    op.create_check_constraint(op.f(CHECK), "account_tokens", f"purpose IN ({BEFORE}, 'claim')")
    op.add_column("feed_tokens", sa.Column("project_ids", sa.ARRAY(sa.BigInteger())))


def downgrade() -> None:
    """What was limited would reach everywhere without it: it goes."""
    op.execute("DELETE FROM feed_tokens WHERE project_ids IS NOT NULL")
    op.drop_column("feed_tokens", "project_ids")
    op.execute("DELETE FROM account_tokens WHERE purpose = 'claim'")
    op.drop_constraint(op.f(CHECK), "account_tokens")
    op.create_check_constraint(op.f(CHECK), "account_tokens", f"purpose IN ({BEFORE})")
