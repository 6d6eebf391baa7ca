from dataclasses import dataclass
from datetime import datetime

from webapp.accounts.rows import Person


@dataclass(frozen=True, slots=True)
class BlockRow:
    """Somebody who is blocked from a project, by whom and since when."""

    user: Person
    blocked_by: Person
    created_at: datetime

    @property
    def id(self) -> int:
        """The number of the person, by which a block is named."""
        return self.user.id
