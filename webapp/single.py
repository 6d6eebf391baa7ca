"""A change that is a single statement: it is committed as it is carried out, on one way there and back, not two."""

from collections.abc import Callable
from typing import TypeVar

from webapp.contexts import noted
from webapp.db import present
from webapp.opened import FIRST, OPEN, Transaction

T = TypeVar("T")


def is_alone() -> bool:
    """Whether all that the open transaction is about may be the statement that comes next.

    So it is if one function has it for itself, and neither it nor the session has asked or noted anything yet.
    """
    notes, session = noted(), present()
    within: Transaction | None = notes.get(OPEN)
    is_new = within is not None and FIRST not in notes and within.is_untouched
    return is_new and (session is None or not session.in_transaction())


def alone(act: Callable[[], T | None]) -> T | None:
    """What one statement gives, which `act` sends, and which is all that the open transaction is about (`is_alone`).

    It then needs none around it. Where it gives none, or raises, nothing has happened, and the transaction goes on.
    """
    within: Transaction = noted()[OPEN]
    driver = within.driver  # which the transaction no longer has once the server is lost
    driver.begins, found = False, None
    try:
        found = act()
    finally:
        within.has_ended = found is not None
        driver.begins = found is None
    return found
