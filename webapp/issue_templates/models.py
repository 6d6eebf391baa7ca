from sqlalchemy import ARRAY, ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model


class IssueTemplate(Model):
    __tablename__ = "issue_templates"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column()
    title: Mapped[str] = mapped_column(server_default="", default="")
    body: Mapped[str] = mapped_column(server_default="", default="")
    # Names, not references: a label that is renamed or deleted is left out, and the template stays.
    labels: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"), default=list)
    position: Mapped[int] = mapped_column(server_default=text("0"), default=0)

    __table_args__ = (Index("issue_templates_name_key", project_id, func.lower(name), unique=True),)
