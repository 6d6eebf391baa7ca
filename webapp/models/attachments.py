from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Attachment(Model):
    """An uploaded file. It belongs to a project until a text names it, and to that text's issue from then on.

    The file itself lies in the data folder and goes after its row: `sweeping.sweep`.
    """

    __tablename__ = "attachments"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # What people call it, and under which name it lies in the data folder.
    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    media_type: Mapped[str]
    sha256: Mapped[str]
    # Of pictures only.
    width: Mapped[int | None]
    height: Mapped[int | None]
    has_thumbnail: Mapped[bool]
    created_at: Mapped[Now]

    __table_args__ = (
        Index(None, "user_id", "created_at"),
        CheckConstraint("(project_id IS NULL) = (issue_id IS NOT NULL)", name="place"),
        CheckConstraint("comment_id IS NULL OR issue_id IS NOT NULL", name="comment"),
    )


class Installation(Model):
    """Which database this is: one row, made with the table. A copy of the database is the same one."""

    __tablename__ = "installation"

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=true())
    id: Mapped[UUID]

    __table_args__ = (CheckConstraint("single", name="single"),)
