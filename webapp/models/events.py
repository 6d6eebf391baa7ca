from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Event(Model):
    """Something that happened to an issue. Rows are only ever added, in the transaction of the change.

    They are changed only where they quote a text that is forgotten, and where two people whom they name become one.
    """

    __tablename__ = "events"
    # Triggers stamp_* (projects/triggers.sql).
    # Trigger heard (jobs/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="SET NULL"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # Events of one save share it, so that they can be told together.
    change_id: Mapped[UUID]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[Now]

    __table_args__ = (
        Index(None, "issue_id", "created_at", "id"),
        Index(None, "project_id", "created_at", "id"),
        Index(None, "actor_id", "created_at", "id"),
        Index(None, "change_id"),
    )
