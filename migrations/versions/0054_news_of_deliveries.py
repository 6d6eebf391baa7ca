"""A delivery says as what it tells its events, so that rules are asked again then; a mail that came in can fail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0054"
down_revision = "0053"

_STATES = "state IN ('waiting', 'held', 'taken', 'ignored', 'refused'{more})"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("news", ARRAY(sa.Text()), nullable=False, server_default="{}"))
    _allow(", 'failed'")


def downgrade() -> None:
    op.execute("UPDATE incoming_mails SET state = 'waiting', answer = '' WHERE state = 'failed'")
    _allow("")
    op.drop_column("deliveries", "news")


def _allow(more: str) -> None:
    name = op.f("incoming_mails_state_check")
    op.drop_constraint(name, "incoming_mails", type_="check")
    op.create_check_constraint(name, "incoming_mails", _STATES.format(more=more))
