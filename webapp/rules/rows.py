from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from webapp.events.kinds import News
from webapp.models.rules import Choice, Rhythm, Weekday

# What is to be answered, or done, is mailed: all else can wait until somebody looks.
_MAILED = (News.ASSIGNED, News.MENTIONED, News.COMMENTED)
DEFAULTS = {news: Choice.MAIL if news in _MAILED else Choice.INBOX for news in News}
Choices = Mapping[News, Choice]


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways somebody is told, and what says so, in a few words. A mail waits `until` then, if it must."""

    inbox: bool
    mail: bool
    digest: bool
    rule: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody chose. Hours are those of their own zone."""

    ways: Choices = field(default_factory=dict)
    own_acts: bool = False
    quiet_from: int | None = None
    quiet_to: int | None = None
    digest: Rhythm = Rhythm.DAILY
    digest_hour: int = 8
    digest_day: Weekday = Weekday.MONDAY


@dataclass(frozen=True, slots=True)
class Rule:
    """What somebody chose, as far as it decides on some projects."""

    time_zone: str
    ways: Choices
    own_acts: bool
    quiet_from: int | None
    quiet_to: int | None
    exceptions: Mapping[int, Choices]


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A project for which somebody chose something of its own."""

    project: str
    name: str
    ways: Choices
