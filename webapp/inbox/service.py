from collections.abc import Sequence

from webapp.inbox import repository
from webapp.inbox.told import Told

__all__ = ["Told", "put"]


def put(told: Sequence[Told]) -> None:
    """Let people find in their inbox what they are told: one for a person and an issue, one statement for all.

    What is there already goes on from where it was last read, keeps the strongest reason, and is no longer done;
    one that sleeps goes on sleeping. What was told before changes nothing. In the transaction of whoever tells.
    """
    if told:
        repository.put(told)
