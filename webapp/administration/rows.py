from collections.abc import Sequence
from dataclasses import dataclass

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
