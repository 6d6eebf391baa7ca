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


def part(*, is_assigned: bool, is_named: bool, is_author: bool, has_commented: bool) -> Reason | None:
    """As what somebody takes part in an issue, the strongest first; None for who takes none."""
    reasons = {
        Reason.ASSIGNED: is_assigned,
        Reason.MENTIONED: is_named,
        Reason.AUTHOR: is_author,
        Reason.COMMENTED: has_commented,
    }
    return next((reason for reason, is_so in reasons.items() if is_so), None)
