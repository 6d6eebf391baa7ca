"""Boards of what is open, or closed: a status has issues of one state, and columns of the other are long.

Open issues by status, as what is done has none of them; all with their state, so that no row is read for it. And
private issues by milestone, as these are counted without them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"

THERE = sa.text("deleted_at IS NULL")
ON_BOARD = sa.text("state = 'open' AND deleted_at IS NULL")
HIDDEN = sa.text("private OR private_comments > 0")
BOARD = ["project_id", "status_id", "position"]
# Rows that wait for the end of a transaction keep their table from being altered.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE"


def upgrade() -> None:
    """Reads all issues three times: some seconds for a million. Meanwhile they are read, and not changed."""
    op.execute(SETTLED)
    # Of a project by its statuses alone: PostgreSQL shall not take this for a way through all that is open there.
    by_status = ["status_id", "position", "project_id"]
    op.create_index("issues_status_board_idx", "issues", by_status, postgresql_where=ON_BOARD)
    _made_anew("issues_board_idx", [*BOARD, "state"], THERE)
    _made_anew("issues_private_idx", ["project_id", "milestone_id"], HIDDEN)


def downgrade() -> None:
    op.execute(SETTLED)
    _made_anew("issues_private_idx", ["project_id"], HIDDEN)
    _made_anew("issues_board_idx", BOARD, THERE)
    op.drop_index("issues_status_board_idx", "issues")


def _made_anew(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.drop_index(name, "issues")
    op.create_index(name, "issues", columns, postgresql_where=where)
