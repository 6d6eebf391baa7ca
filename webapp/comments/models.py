from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Comment(Model):
    __tablename__ = "comments"

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str]
    body_html: Mapped[str | None]
    html_version: Mapped[int | None] = mapped_column(SmallInteger)
    created_at: Mapped[Now]
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # Where an imported comment came from, so that a second import does not bring it again.
    origin: Mapped[str | None]

    __table_args__ = (
        Index(None, "issue_id", "created_at", "id"),
        Index(
            "comments_origin_key",
            "issue_id",
            "origin",
            unique=True,
            postgresql_where=text("origin IS NOT NULL"),
        ),
    )
