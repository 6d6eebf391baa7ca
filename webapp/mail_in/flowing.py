"""Text whose lines were broken for old terminals, as RFC 3676 has it: a blank at the end joins the next line."""

SIGNATURE = "-- "


def unflowed(text: str, *, deletes_blank: bool = False) -> str:
    """The same with its lines whole again."""
    lines: list[str] = []
    open_depth: int | None = None
    for raw in text.split("\n"):
        depth, line = _depth(raw)
        flows = line.endswith(" ") and line != SIGNATURE
        words = line[:-1] if flows and deletes_blank else line
        if open_depth == depth and line != SIGNATURE:
            lines[-1] += words
        else:
            lines.append("> " * bool(depth) + words)
        open_depth = depth if flows else None
    return "\n".join(map(_ended, lines))


def _ended(line: str) -> str:
    return line if line == SIGNATURE else line.rstrip(" ")


def _depth(raw: str) -> tuple[int, str]:
    """How deep a line is quoted, and what is quoted; a blank before it was put there for the way."""
    line = raw.lstrip(">")
    return len(raw) - len(line), line.removeprefix(" ")
