"""Keys between keys: always strictly between, and short."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from webapp.board.ranks import DIGITS, LONGEST, between, rank, spread

KEYS = st.from_regex(r"\A[0-9A-Za-z]{0,20}[1-9A-Za-z]\Z")
NUMBERS = st.integers(1, 2**63 - 1)
TAILS = st.text(DIGITS, max_size=20)


@given(KEYS, KEYS, TAILS)
def test_whatever_follows_it_is_between(one, other, tail):
    assume(one != other)
    low, high = sorted((one, other))
    assert low < between(low, high) + tail < high
    assert between(low, None) + tail > low
    assert between("", high) + tail < high


@given(KEYS, NUMBERS, NUMBERS)
def test_two_cards_in_one_place_get_two_keys(key, one, other):
    assume(one != other)
    assert rank(key, None, one) != rank(key, None, other)
    assert rank("", key, one) != rank("", key, other)


@given(KEYS)
def test_between_equals_there_is_no_room(key):
    with pytest.raises(ValueError):
        between(key, key)


@given(st.lists(st.integers(0, 2**16), min_size=1, max_size=60))
def test_cards_keep_the_order_that_they_are_put_in(places):
    keys = []
    for number, place in enumerate(places, 1):
        at = place % (len(keys) + 1)
        around = ["", *keys, None]
        keys.insert(at, rank(around[at], around[at + 1], number))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(KEYS, KEYS, st.integers(0, 60))
def test_a_neighbourhood_gets_new_keys_in_order(one, other, count):
    assume(one != other)
    low, high = sorted((one, other))
    keys = spread(low, high, count)
    assert len(keys) == count
    assert [low, *keys, high] == sorted({low, *keys, high})
    assert not [key for key in keys if key.endswith("0")]


@pytest.mark.parametrize("end", ["top", "bottom", "below the first", "above the last"])
def test_a_thousand_moves_to_one_place_leave_keys_short(end):
    first, last = rank("", None, 1), rank(rank("", None, 1), None, 2)
    newest = first if end in ("top", "below the first") else last
    for number in range(3, 1003):
        low, high = {
            "top": ("", newest),
            "bottom": (newest, None),
            "below the first": (first, newest if newest != first else last),
            "above the last": (newest if newest != last else first, last),
        }[end]
        newest = rank(low, high, number)
    assert len(newest) < LONGEST / 3
