from dataclasses import dataclass

from webapp.models.inbox import Reason


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told of an issue: for what reason, and from which event to which."""

    user_id: int
    issue_id: int
    reason: Reason
    event_id: int
    last_event_id: int
