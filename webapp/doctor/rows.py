from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """How the database is at a moment, and what in it tells of the rest. Lists hold names, or a few words each.

    Of the sessions of others a role without pg_monitor sees little, and what it does not see is not here.
    """

    now: datetime
    version: int
    may_make_tables: bool
    others_own: list[str]
    worker_at: datetime | None
    long_transactions: list[dict[str, Any]]
    waiting_for_locks: int
    prepared: list[str]
    idle_slots: list[str]
    cleans_up: bool
    never_cleaned: list[str]
    bloated: list[str]
    age: int
    broken_indexes: list[str]
    ending_sequences: list[str]
    connections: int
    connections_at_most: int
    late_replicas: list[str]
    other_collation: bool
    hooks_off: int
    hooks_failing: int
    mails_failed: int
    logins: int
    people: int
    addresses: list[str]
