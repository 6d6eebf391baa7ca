"""Saying something: `_("Saved.")`, in the language of whoever it is said to.

Placeholders are named, `%(name)s`, and filled here, never by an f-string: what is looked up must be a constant.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from webapp.i18n import languages
from webapp.i18n.catalogues import catalogue, plural_form
from webapp.i18n.languages import SOURCE

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_ALONE = (SOURCE,)
_asker: Callable[[], str] = lambda: SOURCE  # noqa: E731 - what is handed in takes its place


def language() -> str:
    """The code of the language that is spoken now: that of the block, else that of whoever asks."""
    if languages.OFFERED == _ALONE:
        return SOURCE
    return _spoken.get() or _asker()


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Let what is said in the block be in this language, if it is offered, else in English."""
    token = _spoken.set(code if code and languages.is_offered(code) else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def hand_in(asker: Callable[[], str]) -> None:
    """Let the language outside of all blocks be found out so: `http/` knows who asks."""
    global _asker
    _asker = asker


def N_(message: str) -> str:
    """A constant that is said later: marks it for the catalogues, and is itself. Whoever says it calls `_`."""
    return message


def nN_(one: str, many: str) -> tuple[str, str]:
    """The same for what is counted, for `ngettext`."""
    return one, many


def pN_(context: str, message: str) -> tuple[str, str]:
    """The same for a word that means several things, for `pgettext`."""
    return context, message


def _(message: str, /, **values: Any) -> str:
    """A sentence or word, with its placeholders filled. Nothing is nothing: catalogues keep their head under ""."""
    code = language()
    said = catalogue(code).gettext(message) if message and code != SOURCE else message
    return said % values if values else said


def pgettext(context: str, message: str, /, **values: Any) -> str:
    """The same for a word that means several things; `context` tells translators which."""
    code = language()
    said = message if code == SOURCE else catalogue(code).pgettext(context, message)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, /, **values: Any) -> str:
    """What is said of so many; `%(num)s` is the number as the language writes it."""
    code = language()
    said = (one if number == 1 else many) if code == SOURCE else catalogue(code).ngettext(one, many, number)
    return said % _with_number(values, number)


def npgettext(context: str, one: str, many: str, number: int, /, **values: Any) -> str:
    """The same for words that mean several things."""
    code = language()
    said = (one if number == 1 else many) if code == SOURCE else catalogue(code).npgettext(context, one, many, number)
    return said % _with_number(values, number)


def forms(code: str, one: str, many: str, context: str = "") -> list[str]:
    """All forms of what is said of some number, in the order of `plural_form`."""
    if code == SOURCE:
        return [one, many]
    known, numbers = catalogue(code), _samples(code)
    if context:
        return [known.npgettext(context, one, many, number) for number in numbers]
    return [known.ngettext(one, many, number) for number in numbers]


@lru_cache
def _samples(code: str) -> list[int]:
    """For each form of the language a number that has it."""
    found: dict[int, int] = {}
    for number in (1, 2, 0, *range(3, 1000), 1_000_000):
        found.setdefault(plural_form(code, number), number)
    return [found[form] for form in sorted(found)]


def _with_number(values: dict[str, Any], number: int) -> dict[str, Any]:
    from webapp.i18n.formats import count

    return {"num": count(number), **values}
