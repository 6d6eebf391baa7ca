"""The head of a mail that came in: whatever stands there is read somehow, and never raises."""

import codecs
import re
from collections.abc import Iterator, Sequence
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import TypeAlias

LONGEST = 4_000
# Codecs that are none of mail, and take their time.
NOT_OF_MAIL = ("punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Of type checkers alone: here it takes no types.
AnyMessage: TypeAlias = "Message[str, str]"


def values(message: AnyMessage, name: str) -> list[str]:
    """What stands under a name, each in one line and decoded."""
    return [decoded(value) for value in _raw(message, name)]


def value(message: AnyMessage, name: str) -> str:
    """The first of these, or nothing."""
    return next(iter(values(message, name)), "")


def plain(message: AnyMessage, name: str) -> str:
    """The same in small letters and not decoded: for what programs say to each other."""
    return next((_line(one).lower() for one in _raw(message, name)), "")


def addresses(message: AnyMessage, *names: str) -> list[str]:
    """The addresses under these names, in small letters."""
    lines = [_line(one) for name in names for one in _raw(message, name)]
    try:
        return [address.lower() for _, address in getaddresses(lines) if "@" in address]
    except Exception:  # of what is no address, `email` raises whatever comes
        return []


def text_of(raw: bytes, charset: str) -> str:
    """Bytes as text, by what they say they are, or else by what they look like."""
    for name in (charset, "utf-8"):
        try:
            return raw.decode(_codec(name))
        except (LookupError, UnicodeError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def _codec(name: str) -> str:
    """Raises LookupError for one that nobody knows, or that is not about text."""
    found = codecs.lookup(name.strip("'\" ") or "utf-8")
    if found.name in NOT_OF_MAIL:
        raise LookupError(name)
    # Programs say Latin-1 of what has the quotation marks of Windows.
    return {"iso8859-1": "cp1252", "ascii": "utf-8", "gb2312": "gb18030"}.get(found.name, found.name)


def _raw(message: AnyMessage, name: str) -> Sequence[str]:
    return [str(value)[:LONGEST] for key, value in message.raw_items() if key.lower() == name]


def _line(raw: str) -> str:
    """Bytes beyond ASCII come in as halves of characters."""
    text = text_of(raw.encode("utf-8", "surrogateescape"), "utf-8") if not raw.isascii() else raw
    return " ".join(_CONTROLS.sub(" ", text).split())


def decoded(raw: str) -> str:
    """A header's value in one line of the characters that it means."""
    line = _line(raw)
    if "=?" not in line:
        return line
    try:
        return _line("".join(_words(line)))
    except Exception:  # of a header that is no header, `email` raises whatever comes
        return line


def _words(line: str) -> Iterator[str]:
    for part, charset in decode_header(line):
        yield part if isinstance(part, str) else text_of(part, charset or "utf-8")
