from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, String, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, column_property, mapped_column

from webapp.db import Id, Model
from webapp.models.labels import Label, LabelAlias


class IssueTemplate(Model):
    __tablename__ = "issue_templates"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column()
    title: Mapped[str] = mapped_column(server_default="", default="")
    body: Mapped[str] = mapped_column(server_default="", default="")
    # No references: a label that is deleted is left out, one that became part of another is that one.
    label_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"), default=list)
    position: Mapped[int] = mapped_column(server_default=text("0"), default=0)

    __table_args__ = (Index("issue_templates_name_key", project_id, func.lower(name), unique=True),)

    # What these labels are called today.
    labels: Mapped[list[str]] = column_property(
        select(
            func.coalesce(func.array_agg(aggregate_order_by(Label.name, Label.sort_key)), literal([], ARRAY(String)))
        )
        .where(
            or_(
                Label.id == func.any(label_ids),
                Label.id.in_(select(LabelAlias.label_id).where(LabelAlias.id == func.any(label_ids))),
            )
        )
        .correlate_except(Label, LabelAlias)
        .scalar_subquery()
    )
