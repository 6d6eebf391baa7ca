from dataclasses import dataclass

from webapp.models.inbox import Reason
from webapp.models.watching import Level


@dataclass(frozen=True, slots=True)
class Bell:
    """How much somebody hears of a project or an issue: whether they chose that, and why they hear anything."""

    level: Level
    chosen: bool
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ViewBell:
    """Whether somebody hears when an issue begins to match a view."""

    watched: bool
