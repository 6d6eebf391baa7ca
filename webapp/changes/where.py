from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """Which issues of a project: those that are all that is said, and in the trash only if that is said."""

    status_id: int | None = None
    milestone_id: int | None = None
    label_id: int | None = None
    assignee_id: int | None = None
    is_open: bool | None = None
    with_trash: bool = False
