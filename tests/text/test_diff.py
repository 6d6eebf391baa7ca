import pytest

from webapp.text.diff import Line, compare


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
    assert told(compare(old, new)) == lines


def test_unchanged_stretches_are_left_out():
    text = "\n".join(map(str, range(20)))
    assert told(compare(text, text.replace("10", "ten"))) == [
        "… 7 lines", "7", "8", "9", "[-10-]", "[+ten+]", "11", "12", "13", "… 6 lines",
    ]  # fmt: skip


def test_too_many_lines_are_not_compared():
    assert compare("\n" * 2_000, "") is None


def test_the_texts_can_be_put_together_again():
    old, new = "a b\nc\nd e f\ng", "a x b\nd e\nh\ng"
    lines = compare(old, new)
    for kind, text in (("old", old), ("new", new)):
        kept = [[p.text for p in line.parts if p.kind in ("same", kind)] for line in lines]
        assert "\n".join("".join(parts) for parts, line in zip(kept, lines, strict=True) if parts) == text
