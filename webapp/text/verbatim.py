"""What of a text is code, found without parsing it, in one walk over its marks."""

import re
from collections.abc import Iterator

_MARK = re.compile(r"^(?:`{3,}|~{3,})|`+", re.MULTILINE)


def without_code(source: str) -> str:
    """The text with a blank in the place of each fence and each span of code."""
    kept, begin = [], 0
    for start, end in _pieces(source):
        kept.append(source[begin:start])
        begin = end
    return " ".join([*kept, source[begin:]])


def _pieces(source: str) -> Iterator[tuple[int, int]]:
    """Where code begins and ends. A fence that nothing ends goes on to the end of the text; so does no span."""
    marks = list(_MARK.finditer(source))
    # The last mark of each kind: behind it nothing ends a span, and nobody has to look.
    last = {match[0]: place for place, match in enumerate(marks)}
    place = 0
    while place < len(marks):
        mark = marks[place]
        if _is_fence(source, mark):
            place = _end_of_fence(source, marks, place)
            yield mark.start(), marks[place].end() if place < len(marks) else len(source)
        elif last[mark[0]] > place:
            place = next(later for later in range(place + 1, len(marks)) if marks[later][0] == mark[0])
            yield mark.start(), marks[place].end()
        place += 1


def _is_fence(source: str, mark: re.Match[str]) -> bool:
    return len(mark[0]) >= 3 and (mark.start() == 0 or source[mark.start() - 1] == "\n")


def _end_of_fence(source: str, marks: list[re.Match[str]], opened: int) -> int:
    """Which mark ends the fence that one opens, counted as they stand; one more than there are if none does."""
    for place in range(opened + 1, len(marks)):
        if marks[place][0].startswith(marks[opened][0]) and _is_fence(source, marks[place]):
            return place
    return len(marks)
