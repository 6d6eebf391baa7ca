"""What somebody reported, by whether it is open: their first page shows the newest."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_index("issues_author_id_state_id_idx", "issues", ["author_id", "state", "id"])
    op.drop_index("issues_author_id_idx", "issues")


def downgrade() -> None:
    op.create_index("issues_author_id_idx", "issues", ["author_id"])
    op.drop_index("issues_author_id_state_id_idx", "issues")
