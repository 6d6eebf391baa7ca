from dataclasses import dataclass

from webapp.models.statuses import Category


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status as it is read: nearly every change of an issue asks for one."""

    id: int
    project_id: int
    name: str
    category: str
    position: int
    wip_limit: int | None

    @property
    def is_open(self) -> bool:
        return Category(self.category).is_open
