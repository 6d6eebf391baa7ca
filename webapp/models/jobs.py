"""What is to be done after a change, by a worker, and when what comes round was last begun."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Job(Model):
    """Written in the transaction of what it follows, deleted once it is done. Changed by webapp/jobs alone."""

    __tablename__ = "jobs"

    id: Mapped[Id]
    task: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    # Jobs of one lane follow one another in a thread of their own: what waits for others keeps no other lane waiting.
    lane: Mapped[str] = mapped_column(server_default="inside")
    # What has the same key is the same work: as long as one is ready, another one is not written.
    key: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="ready")
    run_at: Mapped[Now]
    # How often it was begun, and may be before it is given up.
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("8"))
    tried_at: Mapped[datetime | None]
    # Who has begun it, and until when it is theirs unless they say that they go on.
    worker: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    # Why it did not succeed when it was tried last.
    error: Mapped[str | None]
    created_at: Mapped[Now]

    __table_args__ = (
        CheckConstraint("state IN ('ready', 'running', 'dead')", name="state"),
        Index("jobs_ready_idx", "lane", "run_at", "id", postgresql_where=text("state = 'ready'")),
        Index("jobs_key_key", "key", unique=True, postgresql_where=text("state = 'ready'")),
        Index("jobs_running_idx", "leased_until", postgresql_where=text("state = 'running'")),
        Index("jobs_dead_idx", "id", postgresql_where=text("state = 'dead'")),
    )


class Round(Model):
    """When the slot began in which a task that comes round was last written as a job, by any of several hosts."""

    __tablename__ = "job_rounds"

    task: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
