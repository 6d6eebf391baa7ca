from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now, sort_key_of


class Milestone(Model):
    __tablename__ = "milestones"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column()
    sort_key: Mapped[str | None] = sort_key_of("title")
    description: Mapped[str] = mapped_column(server_default="", default="")
    state: Mapped[str] = mapped_column(server_default="open", default="open")
    due_on: Mapped[date | None]
    created_at: Mapped[Now]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # Where an imported milestone came from, so that a second import finds it under whatever title.
    origin: Mapped[str | None]

    __table_args__ = (
        Index("milestones_title_key", project_id, func.lower(title), unique=True),
        Index(
            "milestones_origin_key", project_id, "origin", unique=True, postgresql_where=text("origin IS NOT NULL")
        ),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    )
