"""What a test cannot make of a database, or not soon: each is told by its state, and nothing is told of one that is well."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from webapp.config import Settings
from webapp.doctor.database import findings
from webapp.doctor.rows import State

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = NOW.replace(year=2028)
WELL = State(
    now=NOW, version=18, may_make_tables=True, others_own=[], worker_at=NOW, long_transactions=[], waiting_for_locks=0,
    prepared=[], idle_slots=[], cleans_up=True, never_cleaned=[], bloated=[], age=1_000, broken_indexes=[],
    ending_sequences=[], connections=10, connections_at_most=97, late_replicas=[], other_collation=False, hooks_off=0,
    hooks_failing=0, mails_failed=0, logins=50, people=9, addresses=["192.0.2.1", "203.0.113.9"],
)  # fmt: skip


def told(**changed):
    return {one.code: (one.level, one.said) for one in findings(Settings(_env_file=None), replace(WELL, **changed))}


def test_a_database_that_is_well_has_none():
    assert told() == {}


@pytest.mark.parametrize(
    ("changed", "code", "level", "words"),
    [
        ({"version": 15, "now": LATER, "worker_at": LATER}, "postgres", "warning", "mended no more since 2027-11-11"),
        ({"may_make_tables": False}, "role", "error", "may make no tables"),
        ({"others_own": list("abcdefg")}, "role", "error", "does not own a, b, c, d, e and 2 more"),
        ({"worker_at": NOW.replace(hour=11)}, "worker", "error", "No worker has come for 60 minutes"),
        ({"worker_at": None}, "worker", "error", "No worker has ever come"),
        ({"waiting_for_locks": 2}, "locks", "warning", "2 statements are waiting"),
        ({"prepared": ["tpc"]}, "prepared", "warning", "nobody ended: tpc"),
        ({"connections": 90}, "full", "warning", "90 of the 97 connections"),
        ({"cleans_up": False}, "autovacuum", "error", "is off"),
        ({"age": 600_000_000}, "wraparound", "warning", "600 million"),
        ({"age": 1_600_000_000}, "wraparound", "error", "1600 million"),
        ({"other_collation": True}, "collation", "error", "sorts text otherwise"),
        ({"late_replicas": ["beside (90 s)"]}, "replica", "warning", "beside (90 s)"),
        ({"idle_slots": ["beside"]}, "slots", "warning", "nobody reads: beside"),
        ({"addresses": ["10.0.0.1"]}, "proxies", "warning", "of 9 people, all came from 10.0.0.1"),
    ],
)
def test_what_is_wrong_is_told(changed, code, level, words):
    found = told(**changed)
    assert list(found) == [code]
    assert found[code][0] == level
    assert words in found[code][1]


@pytest.mark.parametrize("changed", [{"addresses": ["9.9.9.9"]}, {"addresses": ["10.0.0.1"], "people": 2}])
def test_who_shares_an_address_is_no_proxy(changed):
    assert told(**changed) == {}
