from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class TextVersion(Model):
    """A text that was replaced: of a comment, or without one of the issue itself. Written by the edit."""

    __tablename__ = "text_versions"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    # The version of the issue or comment that had this text.
    version: Mapped[int]
    body: Mapped[str]
    # Since then there is no text here: somebody let it be forgotten.
    forgotten_at: Mapped[datetime | None]
    # Who replaced it, and when.
    edited_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Now]

    __table_args__ = (Index(None, "issue_id", "id"), Index(None, "comment_id", "id"))
