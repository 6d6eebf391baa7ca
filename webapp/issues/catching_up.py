"""When its issue was made stands beside each tie to a label; an upgrade brings it to those that were there before.

Some at a time, so that nobody waits for it. Until all ties of a label have it, a list of what has the label is not
read by them. A run that is stopped leaves the rest to the next one.
"""

from webapp.db import transaction
from webapp.issues import repository

# So many ties are written in one transaction.
AT_ONCE = 2_000


def catch_up() -> int:
    """Bring it to all ties that lack it; returns how many these were.

    What somebody else holds at the moment is passed over, and written by them, or by the next run through all of it.
    """
    total = 0
    while written := sum(_of(label_id) for label_id in repository.labels_behind()):
        total += written
    return total


def _of(label_id: int) -> int:
    total = 0
    while number := _some(label_id):
        total += number
    return total


@transaction
def _some(label_id: int) -> int:
    return repository.tell_ties(label_id, AT_ONCE)
