from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model


class Tally(Model):
    """How much was added to a series of a project on a day (UTC). Triggers of the database write these.

    `created` and `closed` count issues by their own days, `status`, `scope` and `done` tell how the contents
    of a status or a milestone (`of_id`) grew and shrank. Several rows of the same day are summed.
    """

    __tablename__ = "tallies"
    # Trigger gather_tallies (charts/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    series: Mapped[str]
    of_id: Mapped[int]
    day: Mapped[date]
    n: Mapped[int]

    __table_args__ = (
        Index(None, "project_id", "series", "of_id", "day", "n"),
        CheckConstraint("series IN ('created', 'closed', 'status', 'scope', 'done')", name="series"),
    )
