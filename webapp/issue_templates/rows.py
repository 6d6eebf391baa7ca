"""A template as the form of a new issue offers it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TemplateRow:
    id: int
    name: str
    title: str
    body: str
    labels: Sequence[str]
