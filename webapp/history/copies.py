"""Who keeps copies of what issues say, beside their former texts: features register here at start."""

from collections.abc import Callable, Collection

Erase = Callable[[Collection[int]], object]

# Each is told the ids of issues of which something is forgotten, within the change that forgets it.
keepers: list[Erase] = []


def erase(issue_ids: Collection[int]) -> None:
    """Let nothing stay anywhere of what was copied of these issues, their comments included."""
    if issue_ids:
        for keeper in keepers:
            keeper(issue_ids)
