"""The seal at the end of an archive: a SHA-256 of all that stands before it.

It is a frame that readers of zstd pass over (RFC 8878, 3.1.2), so `zstd -d` reads the archive all the same. Whichever
byte is another, or is missing, the seal does not fit.
"""

from hashlib import sha256
from typing import IO

from webapp.backups.errors import DAMAGED, BrokenBackup

MARK = b"\x5c\x2a\x4d\x18" + sha256().digest_size.to_bytes(4, "little")
LENGTH = len(MARK) + sha256().digest_size


class Sealing:
    """Where bytes are written that will be sealed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._sum = file, sha256()

    def write(self, content: bytes) -> int:
        self._sum.update(content)
        self._file.write(content)
        return len(content)

    def flush(self) -> None:
        self._file.flush()

    def seal(self) -> None:
        """Write the seal; nothing may follow."""
        self._file.write(MARK + self._sum.digest())
        self._file.flush()


class Unsealing:
    """The same for reading: what stands before the seal."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._sum, self._held = file, sha256(), b""

    def read(self, size: int) -> bytes:
        """Up to so many bytes, or more that were held back; none at the end."""
        while True:
            came = self._file.read(size)
            held = self._held + came
            ready, self._held = held[:-LENGTH], held[-LENGTH:]
            if ready or not came:
                self._sum.update(ready)
                return ready

    def require(self) -> None:
        """Called at the end; raises BrokenBackup if what was read is not what was sealed."""
        if self._held != MARK + self._sum.digest():
            raise BrokenBackup(DAMAGED)
