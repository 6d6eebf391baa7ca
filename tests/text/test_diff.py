import pytest

from webapp.text.diff import Budget, Line, compare


def told(lines: list[Line]) -> list[str]:
    signs = {"same": "{}", "old": "[-{}-]", "new": "[+{}+]"}
    return [
        f"… {line.parts[0].text}" if line.kind == "gap" else "".join(signs[p.kind].format(p.text) for p in line.parts)
        for line in lines
    ]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("a", "a", []),
        ("The wall is old.", "The wall is very old.", ["The wall is [+very +]old."]),
        ("one\ntwo", "one\ntwo\nthree", ["one", "two", "[+three+]"]),
        ("one\ntwo", "two", ["[-one-]", "two"]),
        ("quite something", "else altogether!", ["[-quite something-]", "[+else altogether!+]"]),
        ("", "text", ["[--]", "[+text+]"]),
    ],
)
def test_it_tells_what_was_changed(old, new, lines):
    assert told(compare(old, new)) == lines  # type: ignore[arg-type]


def test_unchanged_stretches_are_left_out():
    text = "\n".join(map(str, range(20)))
    assert told(compare(text, text.replace("10", "ten"))) == [  # type: ignore[arg-type]
        "… 7 lines", "7", "8", "9", "[-10-]", "[+ten+]", "11", "12", "13", "… 6 lines",
    ]  # fmt: skip


def test_too_many_lines_are_not_compared():
    assert compare("\n" * 2_000, "") is None


def test_the_texts_can_be_put_together_again():
    old, new = "a b\nc\nd e f\ng", "a x b\nd e\nh\ng"
    lines = compare(old, new)
    for kind, text in (("old", old), ("new", new)):
        kept = [[p.text for p in line.parts if p.kind in ("same", kind)] for line in lines]
        assert "\n".join("".join(parts) for parts, line in zip(kept, lines, strict=True) if parts) == text  # type: ignore[arg-type]


def periodic(shift: int) -> str:
    """Lines that each have many of their like: the longest way to compare."""
    return "\n".join(str(line * (shift % 7 + 1) % 100) for line in range(1_990))


def test_a_costly_comparison_is_given_up(looked_at):
    budget = Budget(50_000)
    assert compare(periodic(1), periodic(2), budget) is None
    assert looked_at() <= 50_000
    assert compare("The wall is old.", "The wall is very old.", budget) is None


def test_an_edit_of_a_long_text_is_cheap():
    old = "\n".join(f"The {line}th stone" if line % 3 else "" for line in range(1_990))
    budget = Budget()
    before = budget.left
    assert compare(old, old.replace("1000th", "thousandth").replace("1501th", "1501st"), budget)
    assert before - budget.left < 50_000
