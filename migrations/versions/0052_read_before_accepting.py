"""A mail that waits for a decision says what is in it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("incoming_mails", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.add_column("incoming_mails", sa.Column("files", ARRAY(sa.Text()), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("incoming_mails", "files")
    op.drop_column("incoming_mails", "words")
