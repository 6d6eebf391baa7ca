"""The rows of a table on their way: gathered into members, and out of them again."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from webapp.backups.container import Member, Writer

# So much of a table becomes a member, and is in memory meanwhile; a row is never parted.
GATHERED = 1024 * 1024
_WIDE = 1 << 128


class Tally:
    """How many lines there were, and what they add up to in whatever order they came."""

    def __init__(self) -> None:
        self.rows, self.sum = 0, 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.sum = (self.sum + int.from_bytes(blake2b(line, digest_size=16).digest())) % _WIDE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and (self.rows, self.sum) == (other.rows, other.sum)


class Gathering:
    """Writes lines into members of a table."""

    def __init__(self, archive: Writer, table: str) -> None:
        self._archive, self._table = archive, table
        self._lines: list[bytes] = []
        self._size = self._number = 0

    def add(self, line: bytes) -> None:
        """Take a line; psycopg2 hands over one each time."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= GATHERED:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered."""
        if self._lines:
            self._number += 1
            self._archive.add(f"tables/{self._table}/{self._number:08}", self._size, self._lines)
            self._lines, self._size = [], 0


class Lines:
    """The lines of members as a file that COPY reads, each of them noted."""

    def __init__(self, members: Iterable[Member], note: Callable[[bytes], None]) -> None:
        self._members, self._note = iter(members), note
        self._content, self._at = b"", 0

    def read(self, size: int) -> bytes:
        while self._at >= len(self._content):
            member = next(self._members, None)
            if member is None:
                return b""
            self._content, self._at = member.read(), 0
            for line in lines(self._content):
                self._note(line)
        self._at += size
        return self._content[self._at - size : self._at]


def lines(content: bytes) -> Iterator[bytes]:
    """Each with its end."""
    return (line + b"\n" for line in content.split(b"\n")[:-1])
