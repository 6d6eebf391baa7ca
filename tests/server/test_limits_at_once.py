"""What may be done only so often is counted right by two processes at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server.running import ready
from webapp.auth.allowances import ALLOWANCES

MOST = ALLOWANCES["project", "person"].at_once


@pytest.fixture
def limited(database, front_end, tmp_path):
    with ready(database, tmp_path, front_end.origin, LIMIT_FACTOR="1") as running:
        yield running


def test_as_many_are_made_as_may_be(limited):
    ada, eve = limited.person(), limited.person("Eve")

    def make(number):
        key = f"R{chr(ord('A') + number)}"
        return limited.ask("POST", "/projects", {"name": "Rockery", "key": key}, by=ada).status

    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(make, range(MOST + 6)))
    # The pool may have had no connection left for some, before these were counted or after.
    assert set(told) <= {201, 429, 503}
    assert told.count(201) <= MOST <= told.count(201) + told.count(503)
    assert limited.ask("POST", "/projects", {"name": "Rockery"}, by=eve).status == 201
