"""The orders that lists can have, in a project and over all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

INDEXES = {
    "issues_project_id_priority_id_idx": ["project_id", "priority", "id"],
    "issues_project_id_comment_count_id_idx": ["project_id", "comment_count", "id"],
    "issues_due_idx": ["project_id", sa.text("coalesce(due_on, '9999-12-31')"), "id"],
    "issues_updated_at_id_idx": ["updated_at", "id"],
    "issues_created_at_id_idx": ["created_at", "id"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "issues", columns)  # type: ignore[arg-type]


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "issues")
