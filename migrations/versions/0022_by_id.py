"""Lists in the order of ids, so that those of a label, a person or a milestone are read in it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

PRESENT = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_index("issues_project_id_id_idx", "issues", ["project_id", "id"])
    op.create_index("issues_project_id_state_id_idx", "issues", ["project_id", "state", "id"])
    op.create_index("issues_status_id_id_idx", "issues", ["status_id", "id"])
    op.create_index(
        "issues_milestone_id_state_id_idx", "issues", ["milestone_id", "state", "id"], postgresql_where=PRESENT
    )
    op.drop_index("issues_project_id_state_number_idx", "issues")
    op.drop_index("issues_status_id_idx", "issues")
    op.drop_index("issues_milestone_id_state_idx", "issues")


def downgrade() -> None:
    op.create_index("issues_milestone_id_state_idx", "issues", ["milestone_id", "state"], postgresql_where=PRESENT)
    op.create_index("issues_status_id_idx", "issues", ["status_id"])
    op.create_index("issues_project_id_state_number_idx", "issues", ["project_id", "state", "number"])
    op.drop_index("issues_milestone_id_state_id_idx", "issues")
    op.drop_index("issues_status_id_id_idx", "issues")
    op.drop_index("issues_project_id_state_id_idx", "issues")
    op.drop_index("issues_project_id_id_idx", "issues")
