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
    "JSON list of 50, warm": (1_140, 1),
    "JSON list of 50, cold": (1_670, 2),
    "page of 50, warm": (1_386, 1),
    "page of 50, cold": (4_610, 2),
    "304: JSON issue": (1_560, 2),
    "304: JSON list": (1_330, 1),
    "304: page of 50": (1_500, 1),
    "issue page, warm": (1_566, 1),
    "issue page, cold": (5_850, 5),
    "JSON issue": (1_350, 2),
    "new-issue form": (6_550, 3),
    "board, warm": (1_310, 1),
    "board, cold": (9_280, 4),
    "home": (4_940, 5),  # one asks for invitations
    "project page, warm": (1_274, 1),
    "project page, cold": (4_840, 5),
    "search, common word": (7_660, 6),
    "search, rare word": (5_350, 6),
    "create by JSON": (2_272, 2),
    "create by form": (3_170, 4),
    "PATCH one field": (2_330, 4),
    "comment": (2_524, 4),
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
