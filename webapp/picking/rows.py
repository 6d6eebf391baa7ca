"""What can be chosen, as forms and lists show it."""

from dataclasses import dataclass
from enum import StrEnum

from webapp.text.query import called, choice


class Kind(StrEnum):
    """What a field of a form names."""

    PERSON = "person"
    LABEL = "label"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Option:
    """One that can be chosen. People have a handle, labels a colour and a description."""

    kind: Kind
    id: int
    name: str
    handle: str | None = None
    color: str | None = None
    description: str | None = None
    is_closed: bool = False

    @property
    def said(self) -> str:
        """How a field of a list's filters says it: the handle, or the name."""
        return self.handle or choice(called(self.name))
