"""Calendars (RFC 5545): what is due, each as an event of a whole day, which every calendar shows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

# Octets that a line may have, its end not counted.
WIDTH = 75
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_APART = re.compile(r"[\\;,]")


@dataclass(frozen=True, slots=True)
class Day:
    """What is due on a day: `id` names it for ever, within a site."""

    id: str
    title: str
    on: date
    address: str
    changed_at: datetime
    version: int
    description: str = ""
    categories: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    host: str
    title: str
    days: Sequence[Day]

    def as_text(self) -> str:
        """The calendar as a text."""
        return "".join(f"{folded(line)}\r\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cairn//Cairn//EN", "CALSCALE:GREGORIAN")
        yield f"NAME:{escaped(self.title)}"
        yield f"X-WR-CALNAME:{escaped(self.title)}"
        # How often to ask again, in the words of the standard and in those that Outlook knows.
        yield from ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
        for day in self.days:
            yield from self._event(day)
        yield "END:VCALENDAR"

    def _event(self, day: Day) -> Iterator[str]:
        yield "BEGIN:VEVENT"
        yield f"UID:{day.id}@{self.host}"
        yield f"DTSTAMP:{_moment(day.changed_at)}"
        yield f"LAST-MODIFIED:{_moment(day.changed_at)}"
        yield f"SEQUENCE:{day.version}"
        yield f"DTSTART;VALUE=DATE:{day.on.isoformat().replace('-', '')}"
        yield "TRANSP:TRANSPARENT"
        yield f"SUMMARY:{escaped(day.title)}"
        if day.description:
            yield f"DESCRIPTION:{escaped(day.description)}"
        if day.categories:
            yield f"CATEGORIES:{','.join(escaped(one) for one in day.categories)}"
        yield f"URL:{day.address}"
        yield "END:VEVENT"


def escaped(text: str) -> str:
    """A text as a value: without control characters, and with what separates values marked as text."""
    return _CONTROLS.sub("", _APART.sub(r"\\\g<0>", text)).replace("\n", "\\n")


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which ends within a character."""
    pieces, width = [""], 0
    for char in line:
        size = len(char.encode())
        if width + size > WIDTH:
            pieces.append(" ")
            width = 1
        pieces[-1] += char
        width += size
    return "\r\n".join(pieces)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
