"""What an answer costs in what noise cannot move: calls of functions, and statements.

To lower a limit: `bin/test tests/bench/test_costs.py -rP` prints what each look takes; a limit belongs a tenth above
that, so that a version of a library does not fail it. To raise one is to make Cairn slower: the commit says what for.
"""

import pytest

from bench.looks import looks
from tests.bench.trackers import made_up
from webapp import keeping

# Calls of functions, Python's and C's, as cProfile counts them, and statements. Warm: nothing in the project changed
# since the last look. Cold: an issue of it got another title.
LIMITS = {
    "JSON project": (1450, 2),
    "JSON list of 50, warm": (4250, 3),
    "JSON list of 50, cold": (4250, 3),
    "page of 50, warm": (14400, 5),
    "page of 50, cold": (14400, 5),
    "304: JSON issue": (1950, 3),
    "304: JSON list": (4230, 3),
    "304: page of 50": (14400, 5),
    "issue page, warm": (19700, 6),
    "issue page, cold": (19700, 6),
    "JSON issue": (1850, 3),
    "new-issue form": (50900, 7),
    "board, warm": (43200, 7),
    "board, cold": (43200, 7),
    "home": (22700, 4),
    "project page, warm": (12700, 4),
    "project page, cold": (12700, 4),
    "search, common word": (48600, 6),
    "search, rare word": (32600, 6),
    "create by JSON": (7900, 11),
    "create by form": (10500, 13),
    "PATCH one field": (8700, 13),
    "comment": (6900, 11),
}


@pytest.fixture(scope="module")
def tracker(settings):
    with made_up(settings, 2000) as made:
        yield made


@pytest.fixture(scope="module")
def known(tracker):
    return {look.name: look for look in looks(tracker)}


@pytest.mark.parametrize("name", LIMITS)
def test_an_answer_stays_within_its_calls_and_statements(tracker, known, monkeypatch, name):
    monkeypatch.setattr(keeping, "PARANOID", False)  # it makes everything twice
    most, statements = LIMITS[name]
    counted = tracker.counted(known[name])
    print(f'"{name}": ({counted.calls}, {counted.statements}),')
    assert counted.calls <= most
    assert counted.statements <= statements


def test_each_look_has_a_limit(known):
    assert known.keys() == LIMITS.keys()
