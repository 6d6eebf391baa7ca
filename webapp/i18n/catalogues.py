"""Catalogues of what is said: read when a language is first spoken in a process, and never for English.

They are read as they are written, from the `.po` files: a clean clone needs no step before it starts, and nothing
that was made lies beside what it was made from.
"""

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from webapp.i18n.languages import SOURCE

FOLDER = Path(__file__).parents[2] / "translations"


def path_of(code: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / f"{code}.po"


@lru_cache
def catalogue(code: str) -> NullTranslations:
    """What is said in a language; a sentence that it lacks is said in English."""
    if code == SOURCE or not path_of(code).exists():
        return NullTranslations()
    compiled = BytesIO()
    with path_of(code).open("rb") as written:
        write_mo(compiled, read_po(written, code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def plural_form(code: str, number: int) -> int:
    """Which of a language's forms is that for so many: Arabic has six, Japanese one."""
    known = catalogue(code)
    if isinstance(known, GNUTranslations):
        return int(known.plural(number))  # type: ignore[attr-defined]
    return int(number != 1)
