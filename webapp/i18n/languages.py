"""The languages that there are, and which of them people can choose."""

import os
from dataclasses import dataclass

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language, called as those who speak it call it, and the direction in which it runs."""

    code: str
    name: str
    direction: str = "ltr"


LANGUAGES = {
    one.code: one
    for one in (
        Language("en", "English"),
        Language("de", "Deutsch"),
        Language("fr", "Français"),
        Language("es", "Español"),
        Language("ja", "日本語"),
        Language("ar", "العربية", "rtl"),
    )
}
# Only a language whose catalogue is complete is offered: tests/i18n/test_catalogues.py compares. CAIRN_ALSO_OFFERS
# names others (`CAIRN_ALSO_OFFERS=de bin/serve`) for those who translate, and look at what they have.
COMPLETE: tuple[str, ...] = ("de", "fr", "es", "ja", "ar")
OFFERED: tuple[str, ...] = tuple(dict.fromkeys((SOURCE, *COMPLETE, *os.environ.get("CAIRN_ALSO_OFFERS", "").split())))


def offered() -> list[Language]:
    """The languages to choose from."""
    return [LANGUAGES[code] for code in OFFERED]


def is_offered(code: str | None) -> bool:
    """Whether somebody can have it; a former choice stays chosen, and is heeded again when it is offered again."""
    return code in OFFERED


def choices(present: str | None) -> list[tuple[str, str]]:
    """The same for a form, and what is chosen, though it may not be offered any more."""
    former = [] if present is None or is_offered(present) else [LANGUAGES.get(present, Language(present, present))]
    return [(one.code, one.name) for one in [*offered(), *former]]


def direction(code: str) -> str:
    """In which direction a language runs: `ltr` or `rtl`."""
    return LANGUAGES[code].direction
