"""A project as pages and services know it."""

from dataclasses import dataclass, replace
from datetime import datetime

from webapp import eyes
from webapp.access import Role, Visibility, sees_private


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as somebody sees it; `role` is theirs in it, if any."""

    id: int
    key: str
    name: str
    description: str
    visibility: Visibility
    owner_id: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    importing_since: datetime | None
    open_issues: int
    closed_issues: int
    version: int
    default_view_id: int | None
    private_role: Role  # from which on its private issues and comments are seen
    # Whether any of its issues that whoever looks may see is private, or has private comments.
    has_private: bool
    # Counters that move with what is shown of its issues, with its words, and with people's names.
    stamp: int
    words: int
    people: int
    role: Role | None
    # What whoever looks chose to hear of it, and how often they chose something here: for it or for its issues.
    level: str | None = None
    choices: int | None = None
    # Whether its owners let whoever looks only read.
    blocked: bool = False

    @property
    def edition(self) -> tuple[int, str, int, int, int, eyes.Eyes | str | None]:
        """What its lists and boards show is the same as long as this is, whoever looks.

        Nearly all see either each of its private issues and comments or none. Who may see some has an edition of
        their own.
        """
        return self.id, self.key, self.stamp, self.words, self.people, self._private_seen

    @property
    def still(self) -> "ProjectRow":
        """The same without what moves with each of its issues."""
        return replace(self, stamp=0, updated_at=self.created_at)

    @property
    def _private_seen(self) -> eyes.Eyes | str | None:
        if not self.has_private:
            return "none"
        return "all" if sees_private(self.role, self.private_role) else eyes.looking()
