"""What becomes of what the database says: every class of PostgreSQL's error codes is decided."""

import pytest
from psycopg2 import errorcodes
from sqlalchemy.exc import DBAPIError

from webapp import faults

CLASSES = sorted(code for name, code in vars(errorcodes).items() if name.startswith("CLASS_"))


class Raised(Exception):
    def __init__(self, code):
        super().__init__("secret words")
        self.pgcode = code


def status(code):
    refusal = faults.refusal_of(DBAPIError("SELECT 1", {}, Raised(code)))
    return refusal.status if refusal else 500


@pytest.mark.parametrize("sort", CLASSES)
def test_every_class_is_decided(sort):
    assert sort in faults.STATES


def test_no_state_is_decided_that_postgresql_does_not_know():
    known = {code for name, code in vars(errorcodes).items() if name.isupper() and isinstance(code, str)}
    assert {state for state in faults.STATES if len(state) == 5} <= known


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("08006", 503),
        ("22021", 422),
        ("23502", 500),
        ("23503", 409),
        ("23505", 409),
        ("25006", 503),
        ("25P02", 500),
        ("25P03", 503),
        ("28P01", 503),
        ("3D000", 503),
        ("40001", 503),
        ("42601", 500),
        ("53100", 503),
        ("54000", 422),
        ("55P03", 503),
        ("57014", 503),
        ("58030", 503),
        ("XX001", 503),
        ("ZZ000", 500),
        ("", 500),
    ],
)
def test_a_sick_server_passes_and_a_mistake_of_ours_does_not(app, code, expected):
    assert status(code) == expected
