from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model


class IssueDocument(Model):
    """The words of an issue: its number and title (A), labels (B), text (C) and comments (D), and its place.

    Only triggers write it. It stands apart from the issue so that what has no words stays cheap to change. An
    issue in the trash has none.
    """

    __tablename__ = "issue_documents"
    # Triggers stamp_* (projects/triggers.sql).

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int]
    document: Mapped[str] = mapped_column(TSVECTOR)

    # New entries gather in a list that a search reads as well: put in one by one, the words of a new issue would cost
    # more than all its other indexes. How long it may be say the settings of a connection.
    __table_args__ = (
        Index(
            None,
            "document",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "on"},
        ),
    )
