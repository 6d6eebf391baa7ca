from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Reference(Model):
    """A text, of an issue or of a comment on it, names another issue; `said` is how.

    The text keeps leading there when the other issue moves or its project gets another key.
    """

    __tablename__ = "issue_references"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    source_issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    source_comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    said: Mapped[str]
    target_issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    # The comment that an address leads to, if any: only a place on the target's page.
    target_comment: Mapped[int | None]
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Now]

    __table_args__ = (
        Index(None, "source_issue_id", "source_comment_id"),
        Index(None, "target_issue_id", "created_at"),
    )


class Mention(Model):
    """A text names a person."""

    __tablename__ = "user_mentions"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    said: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Now]

    __table_args__ = (
        Index(None, "issue_id", "comment_id"),
        Index(None, "user_id", "created_at"),
    )
