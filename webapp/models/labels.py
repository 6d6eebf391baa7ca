from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, sort_key_of


class Label(Model):
    __tablename__ = "labels"
    # Trigger document_renamed (documents/triggers.sql).
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column()
    sort_key: Mapped[str | None] = sort_key_of("name")
    color: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="", default="")
    # How many issues carry it; kept in step by whoever ties or unties.
    issue_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)

    __table_args__ = (
        Index("labels_name_key", project_id, func.lower(name), unique=True),
        CheckConstraint("color ~ '^#[0-9a-f]{6}$'", name="color"),
    )


class LabelAlias(Model):
    """The id of a label that became part of another one: whatever was kept of it means that one now."""

    __tablename__ = "label_aliases"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), index=True)
