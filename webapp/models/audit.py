"""Who has done what to logins, rights and what is kept: written once, and never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model


class AuditRecord(Model):
    """One act. It names people, projects and things as they were then: nothing that ends takes its records along."""

    __tablename__ = "audit_records"
    # Triggers audit_keeps_* (audit/triggers.sql).

    id: Mapped[Id]
    # Not when its transaction began: what waited is told in the order in which it was done.
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str]
    outcome: Mapped[str] = mapped_column(server_default="ok")
    actor_id: Mapped[int | None]
    actor_name: Mapped[str | None]
    actor_email: Mapped[str | None]
    # The sign-in that was asked through, or that began.
    sid: Mapped[int | None]
    request_id: Mapped[str | None]
    address: Mapped[str | None]
    agent: Mapped[str | None]
    project_id: Mapped[int | None]
    project_key: Mapped[str | None]
    target_kind: Mapped[str | None]
    target_id: Mapped[int | None]
    target_name: Mapped[str | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint("outcome IN ('ok', 'refused')", name="outcome"),
        # One for each way to ask, in the order of the page; what else is asked is looked at on the way.
        Index("audit_records_at_idx", "at", "id"),
        Index("audit_records_kind_idx", "kind", "at", "id"),
        Index("audit_records_actor_idx", "actor_id", "at", "id", postgresql_where=text("actor_id IS NOT NULL")),
        Index("audit_records_person_idx", "target_id", "at", "id", postgresql_where=text("target_kind = 'person'")),
        Index("audit_records_project_idx", "project_id", "at", "id", postgresql_where=text("project_id IS NOT NULL")),
        Index("audit_records_address_idx", "address", "at", "id", postgresql_where=text("address IS NOT NULL")),
        Index("audit_records_refused_idx", "at", "id", postgresql_where=text("outcome = 'refused'")),
    )
