"""Open issues by status in the order of boards, as what is done has none; private ones by milestone as well."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0073"

ON_BOARD = sa.text("state = 'open' AND deleted_at IS NULL")
HIDDEN = sa.text("private OR private_comments > 0")
# Rows that wait for the end of a transaction keep their table from being altered.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE"


def upgrade() -> None:
    """Reads all issues twice: a second or two for a million. Meanwhile they are read, and not changed."""
    op.execute(SETTLED)
    op.create_index(
        "issues_status_board_idx", "issues", ["project_id", "status_id", "position"], postgresql_where=ON_BOARD
    )
    op.drop_index("issues_private_idx", "issues")
    op.create_index("issues_private_idx", "issues", ["project_id", "milestone_id"], postgresql_where=HIDDEN)


def downgrade() -> None:
    op.execute(SETTLED)
    op.drop_index("issues_private_idx", "issues")
    op.create_index("issues_private_idx", "issues", ["project_id"], postgresql_where=HIDDEN)
    op.drop_index("issues_status_board_idx", "issues")
