"""Locks for what several servers may begin at once, and one does at a time."""

import sys
import time

from sqlalchemy import Connection, text

# Any numbers, as long as they stay the same: servers of two versions must meet.
MIGRATION = 7311026
FIRST_START = 7311027
PAUSE = 0.2


def take(connection: Connection, lock: int, *, meanwhile: str = "") -> None:
    """Wait until no other transaction has the lock, however long; it ends with the connection's transaction.

    `meanwhile` tells once, on standard error, what a wait is for. The lock is asked for again and again: a
    statement that waits is ended by the connection's timeouts, and its snapshot is in the way of whom it waits for.
    """
    ask = text("SELECT pg_try_advisory_xact_lock(:lock)")
    while not connection.scalar(ask, {"lock": lock}):
        if meanwhile:
            print(f"cairn: {meanwhile}", file=sys.stderr, flush=True)
            meanwhile = ""
        time.sleep(PAUSE)
