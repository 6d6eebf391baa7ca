from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Feeling(StrEnum):
    """What somebody says of a text with one press; in the order in which all of them are shown and counted."""

    UP = "+1"
    DOWN = "-1"
    LAUGH = "laugh"
    HOORAY = "hooray"
    CONFUSED = "confused"
    HEART = "heart"
    ROCKET = "rocket"
    EYES = "eyes"


class Reaction(Model):
    """What somebody feels about an issue, or about a comment on it: each feeling once.

    How many there are of each stands beside the issue and the comment. The database keeps that.
    """

    __tablename__ = "reactions"
    # Triggers reacted, unreacted, rereacted (reactions/triggers.sql).
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    feeling: Mapped[str]
    created_at: Mapped[Now]

    __table_args__ = (
        Index(
            "reactions_key",
            "issue_id",
            "comment_id",
            "feeling",
            "user_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("reactions_comment_id_idx", "comment_id", postgresql_where=text("comment_id IS NOT NULL")),
        CheckConstraint(
            "feeling IN ('+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes')", name="feeling"
        ),
    )
