from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Index, Integer, SmallInteger, false, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Comment(Model):
    __tablename__ = "comments"
    # Triggers document_new, document_changed, document_gone (documents/triggers.sql).
    # Triggers private_new, private_changed, private_gone (comments/triggers.sql).
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str]
    body_html: Mapped[str | None]
    html_version: Mapped[int | None] = mapped_column(SmallInteger)
    # Seen by its author and the project's team alone: webapp/eyes.py.
    private: Mapped[bool] = mapped_column(server_default=false(), default=False)
    created_at: Mapped[Now]
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # How many react to it in which way: triggers keep it with the reactions.
    reactions: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    # Where an imported comment came from, so that a second import does not bring it again.
    origin: Mapped[str | None]
    # In the trash since then. When its time there is over, its text goes; the row stays to mark its place.
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (
        Index(None, "issue_id", "created_at", "id"),
        Index(None, "author_id", "created_at", "id"),
        Index("comments_private_idx", "issue_id", postgresql_where=text("private")),
        Index(
            "comments_trash_idx",
            "deleted_at",
            postgresql_where=text("deleted_at IS NOT NULL AND body <> ''"),
        ),
        Index(
            "comments_origin_key",
            "issue_id",
            "origin",
            unique=True,
            postgresql_where=text("origin IS NOT NULL"),
        ),
    )
