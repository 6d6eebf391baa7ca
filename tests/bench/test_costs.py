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
    "JSON project": (1_010, 1),
    "JSON list of 50, warm": (1_160, 1),
    "JSON list of 50, cold": (1_670, 2),
    "page of 50, warm": (1_410, 1),
    "page of 50, cold": (6_650, 2),
    "304: JSON issue": (1_570, 2),
    "304: JSON list": (1_350, 1),
    "304: page of 50": (1_525, 1),
    "issue page, warm": (1_595, 1),
    "issue page, cold": (8_350, 5),
    "JSON issue": (1_360, 2),
    "new-issue form": (9_500, 3),
    "board, warm": (1_335, 1),
    "board, cold": (11_300, 4),
    "home": (6_350, 5),  # one asks for invitations
    "project page, warm": (1_295, 1),
    "project page, cold": (6_330, 5),
    "search, common word": (12_550, 6),
    "search, rare word": (7_930, 6),
    "create by JSON": (2_310, 2),
    "create by form": (3_220, 4),
    "PATCH one field": (2_365, 4),
    "comment": (2_565, 4),
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
