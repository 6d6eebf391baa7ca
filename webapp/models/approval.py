from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class HeldPost(Model):
    """An issue, or a comment if one is named, of a newcomer: private until it is approved."""

    __tablename__ = "held_posts"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), unique=True)
    # Whether its author wants it to be private, as which it stays so.
    private: Mapped[bool] = mapped_column(server_default=false(), default=False)
    created_at: Mapped[Now]

    __table_args__ = (
        Index("held_posts_issue_key", "issue_id", unique=True, postgresql_where=text("comment_id IS NULL")),
        Index(None, "issue_id"),
    )


class PostReport(Model):
    """What somebody told the owners of a project about an issue, or a comment if one is named."""

    __tablename__ = "post_reports"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[str]
    words: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[Now]
    # Since when it is decided what becomes of the post.
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "post_reports_once_key",
            issue_id,
            func.coalesce(comment_id, text("0")),
            reporter_id,
            unique=True,
        ),
        Index("post_reports_open_idx", "issue_id", postgresql_where=text("settled_at IS NULL")),
        CheckConstraint("reason IN ('spam', 'abuse', 'secret', 'other')", name="reason"),
    )
