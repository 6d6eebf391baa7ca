"""Dates, ages, numbers and lists, as the language that is spoken writes them.

English is written by hand, as it was always written here. For others Babel has the data, of which it reads a language
when it is first used.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from webapp.i18n.languages import SOURCE
from webapp.i18n.saying import N_, _, forms, language, ngettext, nN_, pgettext, speaking

# The catalogues have them as all that is counted.
AGES = {
    "day": nN_("%(num)s day ago", "%(num)s days ago"),
    "hour": nN_("%(num)s hour ago", "%(num)s hours ago"),
    "minute": nN_("%(num)s minute ago", "%(num)s minutes ago"),
}

# What stands on keys, on keyboards of those who speak the language.
KEYS = {"Ctrl": N_("Ctrl"), "Shift": N_("Shift"), "Enter": N_("Enter"), "Esc": N_("Esc")}
SIZES = (N_("%(number)s KiB"), N_("%(number)s MiB"), N_("%(number)s GiB"))


def count(number: float) -> str:
    """A number with its thousands told apart."""
    code = language()
    if code == SOURCE:
        return f"{number:,}"
    return format_decimal(number, locale=_locale(code))


def percent(number: int) -> str:
    """So many of a hundred."""
    code = language()
    if code == SOURCE:
        return f"{number} %"
    return format_percent(number / 100, locale=_locale(code))


def day(at: date) -> str:
    """A date: "31 Mar 2026"."""
    code = language()
    if code == SOURCE:
        return f"{at.day} {at:%b %Y}"
    return format_date(at, "medium", locale=_locale(code))


def short_day(at: date) -> str:
    """A date of the last twelve months: "31 Mar"."""
    code = language()
    if code == SOURCE:
        return f"{at.day} {at:%b}"
    return format_skeleton("MMMd", at, locale=_locale(code))


def moment(at: datetime) -> str:
    """A point in time with its zone: "31 Mar 2026, 14:05 CEST"."""
    name, code = at.tzname() or "", language()
    zone = name if name.isalpha() else f"UTC{name}"
    if code == SOURCE:
        return f"{at.day} {at:%b %Y, %H:%M} {zone}"
    return f"{format_datetime(at, _both(code), locale=_locale(code))} {zone}"


def age(number: int, unit: str) -> str:
    """So many days, hours or minutes ago."""
    if language() == SOURCE:
        return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return ngettext(*AGES[unit], number)


def listed(items: Sequence[str]) -> str:
    """Several things in a sentence: "a, b and c"."""
    return _enumerated(items, " and ", "standard")


def one_of(items: Sequence[str]) -> str:
    """Several things to choose from: "a, b or c"."""
    return _enumerated(items, " or ", "or")


def _enumerated(items: Sequence[str], english: str, style: Literal["standard", "or"]) -> str:
    """Several things, with this before the last in English, and what goes by this name in other languages."""
    code = language()
    if code == SOURCE:
        return english.join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
    return format_list(items, style, locale=_locale(code))


def gap() -> str:
    """What stands between things that are only named one after another."""
    return pgettext("list", ", ")


def quoted(words: str) -> str:
    """What somebody wrote, within words of Cairn's."""
    # Translators: the quotation marks of your language.
    return _("“%(words)s”", words=words)


def size(octets: int) -> str:
    """How large a file is: "1.5 MiB"."""
    power = max(0, (octets.bit_length() - 1) // 10) if octets else 0
    power = min(power, len(SIZES))
    if not power:
        return ngettext("%(num)s byte", "%(num)s bytes", octets)
    return _(SIZES[power - 1], number=decimal(octets / 1024**power))


def keys(pressed: str) -> str:
    """Keys that are pressed together or one after another, as they are written on them: "Ctrl K"."""
    return " ".join(_(KEYS.get(key, key)) for key in pressed.split())


def decimal(number: float) -> str:
    """A number with one place behind its point."""
    code = language()
    if code == SOURCE:
        return f"{number:,.1f}"
    return format_decimal(number, "#,##0.0", locale=_locale(code))


@lru_cache
def ages(code: str) -> re.Pattern[str]:
    """What tells ages in a language."""
    if code == SOURCE:
        return re.compile(r"just now|\d{1,9} (?:minute|hour|day)s? ago")
    with speaking(code):
        told = [_("just now"), *(form for words in AGES.values() for form in forms(code, *words))]
    number = re.escape("%(num)s")
    return re.compile(
        "|".join(re.escape(one).replace(number, r"\d{1,9}") for one in sorted(told, key=len, reverse=True))
    )


@lru_cache
def kinds(code: str) -> dict[str, int]:
    """The kinds of numbers that a language tells apart, as Unicode and browsers call them: of each one number."""
    rule, found = _locale(code).plural_form, dict[str, int]()
    for number in (*range(1000), 1_000_000):
        found.setdefault(rule(number), number)
    return found


@lru_cache
def _locale(code: str) -> "Locale":
    return Locale.parse(code)


def on(day: str) -> str:
    """A date within a sentence, in the language that is spoken: "on 31 Mar 2026"."""
    return _("on %(day)s", day=day)


@lru_cache
def _both(code: str) -> str:
    """How a date stands with a time, of which 24 hours go into a day here."""
    locale = _locale(code)
    whole, day = str(locale.datetime_formats["medium"]), locale.date_formats["medium"].pattern
    return whole.replace("{1}", day).replace("{0}", "HH:mm")
