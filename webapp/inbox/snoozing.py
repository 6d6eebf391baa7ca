"""Until when something sleeps: in words, as a day, or as a time; by the clocks of whoever says it."""

from datetime import date, datetime, time, timedelta

MORNING = time(9)
WORDS = ("later", "tomorrow", "next-week")
LATER, LONGEST = timedelta(hours=3), timedelta(days=3650)


def read(said: str, now: datetime) -> datetime:
    """The time that is meant, within ten years; `now` is in the time zone of whoever says it. Raises ValueError.

    A day begins at nine in the morning, and so do tomorrow and the Monday of next week.
    """
    match said.strip().lower():
        case "later":
            return (now + LATER).replace(second=0, microsecond=0)
        case "tomorrow":
            return _morning(now.date() + timedelta(days=1), now)
        case "next-week":
            return _morning(now.date() + timedelta(days=7 - now.weekday()), now)
        case text:
            at = _said(text.upper(), now)
    if not now < at < now + LONGEST:
        raise ValueError(said)
    return at


def _said(text: str, now: datetime) -> datetime:
    if len(text) == len("2026-03-31"):
        return _morning(date.fromisoformat(text), now)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def _morning(day: date, now: datetime) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=now.tzinfo)
