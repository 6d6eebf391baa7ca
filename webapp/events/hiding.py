"""The event of who sees an issue."""

from dataclasses import dataclass
from typing import ClassVar

from webapp.events.fields import Changed
from webapp.events.words import Part, Words
from webapp.i18n import _


@dataclass(frozen=True, slots=True)
class Hidden(Changed[bool]):
    """An issue is for its author, its assignees and the team alone from then on, or for all who see the project."""

    kind: ClassVar[str] = "privacy"
    touches: ClassVar[frozenset[str]] = frozenset({"private"})
    icon: ClassVar[str] = "lock"

    def words(self) -> Words:
        return [Part(_("made this private") if self.new else _("made this visible to all who see the project"))]
