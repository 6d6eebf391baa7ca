from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model


class Category(StrEnum):
    """What a status means. Whether an issue is open or closed follows from it."""

    BACKLOG = "backlog"
    UNSTARTED = "unstarted"
    STARTED = "started"
    DONE = "done"
    CANCELED = "canceled"

    @property
    def is_open(self) -> bool:
        return self not in (Category.DONE, Category.CANCELED)


# What a new project begins with, in this order.
DEFAULTS = (
    ("Backlog", Category.BACKLOG),
    ("Todo", Category.UNSTARTED),
    ("In progress", Category.STARTED),
    ("In review", Category.STARTED),
    ("Done", Category.DONE),
    ("Canceled", Category.CANCELED),
)


class Status(Model):
    """A step of a project's workflow; `position` orders them."""

    __tablename__ = "statuses"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column()
    category: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    # How many issues should have it at most; boards warn beyond that.
    wip_limit: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        Index("statuses_name_key", project_id, func.lower(name), unique=True),
        CheckConstraint("wip_limit BETWEEN 1 AND 999", name="wip_limit"),
        CheckConstraint("category IN ('backlog', 'unstarted', 'started', 'done', 'canceled')", name="category"),
    )

    @property
    def is_open(self) -> bool:
        return Category(self.category).is_open


def defaults(project_id: int) -> list[Status]:
    """The statuses of a new project."""
    return [
        Status(project_id=project_id, name=name, category=category, position=position)
        for position, (name, category) in enumerate(DEFAULTS)
    ]
