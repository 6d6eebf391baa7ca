"""From the bytes of a mail to its parts, in a time that its writer cannot make long.

The library reads whatever comes, but some of it in a time that grows with the square of what a head has, with the
parts, or with how deep they lie. So each of these is bounded before it or while it reads.
"""

from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from typing import Any

from webapp.mail_in.heads import LONGEST, AnyMessage

# More parts is nobody's letter.
MOST_PARTS = 200
# A line is compared with the boundaries of all parts that it lies in: so many ends of lines take some seconds.
MOST_WORK = 12_000_000
_BEGINNING = 65_536
# What the library is known to raise for what is no mail.
_ODD = (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)


class Unreadable(Exception):
    """A mail that is none, or not one that is taken; says why."""


class _Short(Compat32):
    """As the library reads by default, but nothing that stands in a head is longer than anybody needs."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)  # type: ignore[arg-type]
        return name, value[:LONGEST]


def parsed(source: bytes) -> AnyMessage:
    """Raises Unreadable for what is no mail, and for what has more in it than anybody writes."""
    lines = source.count(b"\n") + source.count(b"\r")
    if lines * (1 + source.lower().count(b"boundary")) > MOST_WORK:
        raise Unreadable("It has more lines and parts than anybody writes.")
    try:
        message = message_from_bytes(source, policy=_Short(message_factory=_counting()))
    except _ODD:
        raise Unreadable("It cannot be read.") from None
    if not message.keys():
        raise Unreadable("It has no head.")
    return message


def head_of(source: bytes) -> AnyMessage:
    """The head alone, of whatever it is."""
    return BytesHeaderParser(policy=_Short()).parsebytes(source[:_BEGINNING])


def _counting() -> Callable[..., AnyMessage]:
    """Makes the parts of one mail. Raises Unreadable for too many."""
    made = 0

    def part(**options: Any) -> AnyMessage:
        nonlocal made
        made += 1
        if made > MOST_PARTS:
            raise Unreadable(f"It has more than {MOST_PARTS} parts.")
        return Message(**options)

    return part
