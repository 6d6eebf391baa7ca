"""Emoji by the names that GitHub has for them: `:tada:` is 🎉.

The list is kept as the bytes of its file and looked through, as it is asked seldom: as a dictionary it would take
twenty times the memory of each process.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

_NAME = re.compile(r":([a-z0-9_+-]{1,40}):")
# Letters, digits or colons beside them make them a time, a port or a part of a name: 10:100:45, std::x::y.
_NAMES = re.compile(rf"(?<![A-Za-z0-9:])(?:{_NAME.pattern})+(?![A-Za-z0-9:])")


def shown(text: str) -> str:
    """The text with the emoji that it names; what is no name stays as it is."""
    return _NAMES.sub(_shown, text) if ":" in text else text


def _shown(names: re.Match[str]) -> str:
    return _NAME.sub(lambda match: called(match[1]) or match[0], names[0])


@lru_cache(256)
def called(name: str) -> str:
    """The emoji of this name; the empty string if there is none."""
    list_, start = _list(), f"\n{name} ".encode()
    begin = list_.find(start)
    return list_[begin + len(start) : list_.index(b"\n", begin + 1)].decode() if begin >= 0 else ""


@lru_cache(256)
def names(emoji: str) -> tuple[str, ...]:
    """What an emoji is called, if it is one. It may lack the sign that asks for its colours."""
    plain = emoji.replace("\ufe0f", "")
    if not plain or plain.isascii():
        return ()
    return tuple(name for one in dict.fromkeys((emoji, plain, f"{plain}\ufe0f")) for name in _names_of(one))


def _names_of(emoji: str) -> Iterator[str]:
    list_, end = _list(), f" {emoji}\n".encode()
    at = list_.find(end)
    while at >= 0:
        yield list_[list_.rindex(b"\n", 0, at) + 1 : at].decode()
        at = list_.find(end, at + 1)


@cache
def _list() -> bytes:
    return b"\n" + Path(__file__).with_name("emoji.txt").read_bytes()
