"""The query language: one text that says which issues are meant, read into a tree and written again."""

from webapp.text.query.reading import MAX_LENGTH, parse
from webapp.text.query.tree import (
    All,
    Either,
    Node,
    Not,
    Term,
    Unreadable,
    Value,
    Words,
    nearest,
    parts,
    together,
)
from webapp.text.query.writing import value, write

__all__ = [
    "MAX_LENGTH",
    "All",
    "Either",
    "Node",
    "Not",
    "Term",
    "Unreadable",
    "Value",
    "Words",
    "nearest",
    "parse",
    "parts",
    "together",
    "value",
    "write",
]
