"""Mails that lie in a folder instead of being sent, for those who develop."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from webapp.i18n import N_
from webapp.i18n.retelling import kept

# As many lie there; the oldest go.
MOST = 500
SHOWN = 100
LIES = kept(N_("Lies in %(place)s."))
_NAME = re.compile(r"(\d{1,19})\.eml", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lying:
    """A mail that lies there."""

    number: int
    source: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.source, policy=policy.default)

    def header(self, name: str) -> str:
        """The value of a header, as somebody would read it."""
        return str(self.message.get(name, ""))

    @property
    def date(self) -> datetime | None:
        """When it was written."""
        written = self.message["Date"]
        return written.datetime if written is not None else None

    def body(self, kind: str) -> str:
        """The mail as plain or html."""
        part = self.message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""

    def links(self) -> list[str]:
        """The addresses in its text, each once."""
        return list(dict.fromkeys(re.findall(r"https?://[^\s<>\"]+", self.body("plain"))))


def lay(folder: Path, number: int, message: bytes) -> str:
    """Put a mail there, whole or not at all; says where. Sent again, it takes its own place."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{number}.{os.getpid()}"
    draft.write_bytes(message)
    draft.replace(folder / f"{number}.eml")
    for old in _numbers(folder)[MOST:]:
        (folder / f"{old}.eml").unlink(missing_ok=True)
    return LIES % {"place": folder / f"{number}.eml"}


def newest(folder: Path) -> Sequence[Lying]:
    """Those that were put there last, the last first."""
    found = (one(folder, number) for number in _numbers(folder)[:SHOWN])
    return [mail for mail in found if mail is not None]


def one(folder: Path, number: int) -> Lying | None:
    """The mail of this number, if it lies there."""
    try:
        return Lying(number, (folder / f"{number}.eml").read_bytes())
    except OSError:
        return None


def _numbers(folder: Path) -> list[int]:
    files = [(file.stat().st_mtime_ns, file.name) for file in os.scandir(folder)] if folder.is_dir() else []
    return [int(found[1]) for _, name in sorted(files, reverse=True) if (found := _NAME.fullmatch(name))]
