"""What an event says, as the parts of half a sentence: "set the priority from", "low", "to", "high".

A page, a mail and a feed each write the same parts in their own way.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.i18n import _, formats, pgettext

Look = Literal["plain", "name", "label", "old", "new", "day", "issue", "link", "outside"]

_QUOTED = frozenset({"label", "old", "new"})
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Part:
    """Some words, what they are, and what they lead to.

    `at` is an address: one that begins with a slash is whole, as is one of another site, any other is below that of
    the issue. `title` follows the key of an issue.
    """

    text: str
    look: Look = "plain"
    at: str = ""
    title: str = ""

    def address(self, issue: str) -> str:
        """Where it leads, from the address of the event's issue."""
        return below(issue, self.at)

    @property
    def plain(self) -> str:
        """The same as plain text."""
        if self.look in _QUOTED:
            return formats.quoted(self.text)
        if self.look == "day":
            return formats.day(date.fromisoformat(self.text))
        return f"{self.text} {self.title}" if self.title else self.text


Words = Sequence[Part]


def below(issue: str, at: str) -> str:
    """An address that is told from that of an issue."""
    if at.startswith(("/", "https://", "http://")) or not at:
        return at or issue
    return issue + at if at.startswith("#") else f"{issue}/{at}"


def plain(words: Words) -> str:
    """The words as plain text."""
    return "".join(part.plain for part in words)


def name(text: str) -> Part:
    return Part(text, "name")


def day(at: date) -> Part:
    return Part(at.isoformat(), "day")


def issue(key: str | None, title: str = "", anchor: str = "", hidden: tuple[str, str] | None = None) -> Part:
    """An issue by its key; without one it is of a project that not everybody here may see.

    `hidden` is what is said then, with where it stands as its context: in each sentence that may be another case.
    """
    if key is None:
        return Part(pgettext(*hidden) if hidden else _("an issue of another project"))
    project, _dash, number = key.rpartition("-")
    return Part(key, "issue", f"/projects/{project}/issues/{number}{anchor}", title)


def outside(text: str, at: str | None) -> Part:
    """What lies at another site, if it is known where."""
    return Part(text, "outside", at) if at else Part(text)


def filled(sentence: str, **parts: Part | Words) -> Words:
    """A sentence, as it is said in some language, with these in the places of its placeholders."""
    found: list[Part] = []
    for place, text in enumerate(_PLACEHOLDER.split(sentence)):
        if place % 2:
            one = parts[text]
            found += [one] if isinstance(one, Part) else one
        elif text:
            found.append(Part(text))
    return found


def between(old: str | None, new: str | None) -> Words:
    """Moved from one name to another."""
    if old:
        return filled(_("moved this from %(old)s to %(new)s"), old=name(old), new=name(new or ""))
    return filled(_("moved this to %(new)s"), new=name(new or ""))


def listed(parts: Iterable[Part | Words], gap: str | None = None) -> Words:
    """Parts with a gap between each two, else what the language puts between things."""
    between, listing = Part(formats.gap() if gap is None else gap), list[Part]()
    for part in parts:
        listing += [between] if listing else []
        listing += [part] if isinstance(part, Part) else part
    return listing


def difference(put: Words, took: Words, both: str, gained: str, lost: str) -> Words:
    """What was added and what was removed, by the sentences for both, and for one of them."""
    if not put and not took:
        return []
    return filled(both if put and took else gained if put else lost, put=put, took=took)
