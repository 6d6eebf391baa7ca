"""Saved views, of a project or over all: a query under a name, shown as a list or as a board."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class View(Model):
    __tablename__ = "views"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    # None: over all projects that its owner sees, for them alone.
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    # Whoever saved it. A shared view stays when they leave the project.
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column()
    query: Mapped[str]
    # What its names stood for when it was saved: they are told as they are called today, and mean the same.
    named: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    layout: Mapped[str] = mapped_column(server_default="list", default="list")
    # What the columns of a board stand for; a list has no use for it.
    by: Mapped[str] = mapped_column(server_default="status", default="status")
    shared: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    pinned: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    __table_args__ = (
        Index("views_shared_name_key", project_id, func.lower(name), unique=True, postgresql_where=text("shared")),
        Index(
            "views_own_name_key", owner_id, project_id, func.lower(name),
            unique=True, postgresql_where=text("NOT shared"),
        ),
        Index(
            "views_everywhere_name_key", owner_id, func.lower(name),
            unique=True, postgresql_where=text("project_id IS NULL"),
        ),
        CheckConstraint("project_id IS NOT NULL OR (NOT shared AND layout = 'list')", name="everywhere"),
        CheckConstraint("layout IN ('list', 'board')", name="layout"),
    )  # fmt: skip
