"""Pictures that people upload of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("users", sa.Column("avatar", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("users_avatar_key"), "users", ["avatar"])


def downgrade() -> None:
    op.drop_constraint(op.f("users_avatar_key"), "users", type_="unique")
    op.drop_column("users", "avatar")
