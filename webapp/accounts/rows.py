"""People as lists and pages show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
