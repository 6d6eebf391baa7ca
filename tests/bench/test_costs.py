"""What an answer costs in what noise cannot move: calls of functions, and statements.

To lower a limit: `bin/test tests/bench/test_costs.py -rP` prints what each look takes; a limit belongs a thirtieth above
that, so that a version of Python or of a library does not fail it. To raise one is to make Cairn slower: the commit says what for.
"""

import pytest

from bench.looks import looks
from tests.bench.trackers import made_up
from webapp import keeping
from webapp.http import log

# Calls of functions, Python's and C's, as cProfile counts them, and statements. Warm: nothing in the project changed
# since the last look. Cold: an issue of it got another title.
LIMITS = {
    "JSON project": (370, 1),
    "JSON list of 50, warm": (460, 1),
    "JSON list of 50, cold": (745, 2),
    "page of 50, warm": (500, 1),
    "page of 50, cold": (2_190, 2),
    "304: JSON issue": (390, 1),
    "304: JSON list": (400, 1),
    "304: page of 50": (460, 1),
    "issue page, warm": (605, 1),
    "issue page, cold": (1_465, 3),
    "JSON issue": (375, 1),
    "new-issue form, warm": (480, 1),
    "new-issue form, cold": (3_730, 3),
    "board, warm": (485, 1),
    "board, cold": (3_730, 3),
    "home, warm": (535, 2),
    "home, cold": (2_635, 3),
    "project page, warm": (485, 1),
    "project page, cold": (2_050, 3),
    "search, common word": (3_965, 6),
    "search, rare word": (2_690, 6),
    "create by JSON": (955, 2),
    "create by form": (1_600, 4),
    "PATCH one field": (1_045, 3),
    "comment": (980, 3),
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
    monkeypatch.setattr(log.log, "handlers", log.log.handlers[:1])  # pytest listens as well, which took 117 calls
    most, statements = LIMITS[name]
    counted = tracker.counted(known[name])
    print(f'"{name}": ({counted.calls}, {counted.statements}),')
    assert counted.calls <= most
    assert counted.statements <= statements


def test_each_look_has_a_limit(known):
    assert known.keys() == LIMITS.keys()
