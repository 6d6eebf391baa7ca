"""Which tables a statement reads, and where they stand in it."""

import re
from collections.abc import Collection, Iterator

# Texts and comments, so that nothing is found in them; then names, and what lists and nests them.
_TOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|[(),]|[A-Za-z_][\w.]*")
# What a table is called there, if that is not its own name: none of the words that may follow it otherwise.
_OTHER = "CROSS|FOR|FULL|GROUP|INNER|JOIN|LEFT|LIMIT|NATURAL|OFFSET|ON|ORDER|RETURNING|RIGHT|SET|UNION|USING|WHERE"
CALLED = re.compile(rf"\s+(?:AS\s+)?(?!(?:{_OTHER})\b)(\w+)", re.IGNORECASE)
_BEGINS = {"FROM", "JOIN", "USING"}
_GOES_ON = {"LATERAL", "ONLY"}
_ENDS = {"SELECT", "WHERE", "GROUP", "ORDER", "SET", "RETURNING", "VALUES", "HAVING", "LIMIT", "WINDOW", "UNION"}


def of(statement: str, tables: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Where the tables stand that a statement reads: (from, to, table). What it only writes to is none of them.

    A table is read where a name follows FROM or JOIN, a bracket behind these, or a comma in a list of such.
    """
    listing, expected, before = [False], False, ""
    for token in _TOKEN.finditer(statement):
        if expected and token[0] in tables:
            yield token.start(), token.end(), token[0]
        word = token[0].upper()
        expected = _is_table_next(word, before, expected, listing)
        before = word


def _is_table_next(word: str, before: str, expected: bool, listing: list[bool]) -> bool:
    """Whether a table may follow a word. `listing` says of each open bracket whether tables are listed in it."""
    if word == "(":
        listing.append(expected)
        return expected
    if word == ")":
        del listing[max(1, len(listing) - 1) :]
        return False
    if word == ",":
        return listing[-1]
    if word in _BEGINS or word in _ENDS:
        listing[-1] = word in _BEGINS and before not in ("DELETE", "DISTINCT")
        return listing[-1]
    return expected and word in _GOES_ON
