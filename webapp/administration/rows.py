from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.mail_in.rows import HeldIn


@dataclass(frozen=True, slots=True)
class Needs:
    """How much needs an administrator: jobs that were given up, webhooks that were switched off, mails that wait."""

    dead_jobs: int
    ended_webhooks: int
    held_in: Sequence[HeldIn]

    @property
    def held_mails(self) -> int:
        return sum(one.number for one in self.held_in)


@dataclass(frozen=True, slots=True)
class Storage:
    """PostgreSQL's version, the migration that the database is at, and the bytes of the database and of files."""

    postgres: str
    migration: str | None
    database: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Running:
    """When a worker last began what comes round, and how many webhooks fail or were switched off for that."""

    worker_at: datetime | None
    failing_webhooks: int
    ended_webhooks: int
