"""The query language: one text that says which issues are meant, read into a tree and written again."""

from webapp.text.query.reading import MAX_LENGTH, chosen, parse
from webapp.text.query.tree import (
    All,
    Either,
    Node,
    Not,
    Term,
    Unreadable,
    Value,
    Words,
    called,
    nearest,
    parts,
    together,
)
from webapp.text.query.writing import choice, name, write

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
    "called",
    "choice",
    "chosen",
    "name",
    "nearest",
    "parse",
    "parts",
    "together",
    "write",
]
