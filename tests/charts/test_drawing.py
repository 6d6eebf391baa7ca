"""From numbers to marks on a sheet."""

import pytest

from webapp.charts.drawing import HEIGHT, LEFT, RIGHT, TOP, WIDTH, Sheet, round_top, shown


@pytest.mark.parametrize(
    ("values", "top"),
    [
        ([], 4),
        ([0], 4),
        ([4], 4),
        ([5], 5),
        ([6], 8),
        ([11], 20),
        ([99], 100),
        ([101.5], 200),
        ([412], 500),
        ([999_999], 1_000_000),
    ],
)
def test_the_axis_ends_with_a_round_number(values, top):
    assert round_top(values) == top


def test_a_sheet_is_filled_from_edge_to_edge():
    sheet = Sheet(10, 100)
    assert (sheet.left(0), sheet.left(10)) == (LEFT, WIDTH - RIGHT)
    assert sheet.level(100) == TOP
    assert sheet.level(0) < HEIGHT


def test_bars_stand_side_by_side_on_the_ground():
    sheet = Sheet(2, 10)
    first, second = sheet.bar(0, 5, 0, 2), sheet.bar(0, 5, 1, 2)
    assert first != second
    assert first.count(f"{sheet.level(0):.1f}") == 2


def test_a_line_breaks_where_nothing_is_known():
    assert Sheet(4, 10).line([1, 2, None, 3]).count("M") == 2
    assert Sheet(2, 10).line([None, None]) == ""


def test_a_band_comes_back_to_where_it_began():
    band = Sheet(3, 10).band([0, 0, 0], [1, 2, 3])
    assert (band[0], band[-1], band.count("L")) == ("M", "z", 5)


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1200, "1,200"), (2.5, "2.5"), (2.0, "2")])
def test_numbers_are_written_short(value, text):
    assert shown(value) == text
