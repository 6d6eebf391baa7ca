"""The form of an archive: members as tar has them and a list of their SHA-256, compressed by zstd, and sealed.

It is written in one go, so that it may go into a pipe, be of any size, and take no memory. Python's tarfile would
remember each member.
"""

import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO, Any, cast

from backports import zstd

from webapp.backups.errors import DAMAGED, FOREIGN, BrokenBackup
from webapp.backups.seal import Sealing, Unsealing

BLOCK = tarfile.BLOCKSIZE
CHUNK = 256 * 1024
# `sha256sum --check SHA256SUMS` goes over an archive that was taken apart.
SUMS = "SHA256SUMS"
LEVEL = 3


class Writer:
    """Writes members one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._sealing = Sealing(file)
        self._stream: Any = zstd.ZstdFile(cast("IO[bytes]", self._sealing), "w", level=LEVEL)
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115  it lasts as long as this

    def add(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        """Write a member of exactly so many bytes. Raises BrokenBackup if they are not."""
        digest = self._write(name, size, chunks)
        self._sums.write(_line(digest, name))

    def close(self) -> None:
        """Write what ends an archive; without it, it is a damaged one."""
        size = self._sums.tell()
        self._sums.seek(0)
        self._write(SUMS, size, _chunks(self._sums))
        self._sums.close()
        self._stream.write(bytes(2 * BLOCK))
        self._stream.close()
        self._sealing.seal()

    def _write(self, name: str, size: int, chunks: Iterable[bytes]) -> str:
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        self._stream.write(header.tobuf(tarfile.USTAR_FORMAT))
        digest, written = sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            self._stream.write(chunk)
            written += len(chunk)
        if written != size:
            raise BrokenBackup(f"{name} had {size:,} bytes, and {written:,} could be read. Try again.")
        self._stream.write(bytes(-size % BLOCK))
        return digest.hexdigest()


class Member:
    """One of them, while it is read."""

    def __init__(self, name: str, size: int, stream: "_Stream") -> None:
        self.name, self.size = name, size
        self._stream, self._left, self._sum = stream, size, sha256()

    def read(self) -> bytes:
        """All that is left of it."""
        return b"".join(self.chunks())

    def chunks(self) -> Iterator[bytes]:
        """The same bit by bit."""
        while self._left:
            chunk = self._stream.exactly(min(self._left, CHUNK))
            self._left -= len(chunk)
            self._sum.update(chunk)
            yield chunk

    def ended(self) -> str:
        """Pass over what nobody wanted to read, and say the SHA-256 of all."""
        for _chunk in self.chunks():
            pass
        self._stream.exactly(-self.size % BLOCK)
        return self._sum.hexdigest()


def members(file: IO[bytes]) -> Iterator[Member]:
    """The members of an archive, in order; each has to be read before the next is asked for.

    Raises BrokenBackup for what is none, or is not as it was written. That may be known at the end only, so nothing
    that is made of it may stand before.
    """
    stream, sums = _Stream(file), sha256()
    while (member := stream.member()).name != SUMS:
        yield member
        sums.update(_line(member.ended(), member.name))
    if member.ended() != sums.hexdigest():
        raise BrokenBackup(DAMAGED)
    stream.end()


class _Stream:
    """The bytes within the compression and the seal."""

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        self._seal = Unsealing(file)
        self._stream: Any = zstd.ZstdFile(cast("IO[bytes]", self._seal), "r")
        self._is_ours = False

    def exactly(self, size: int) -> bytes:
        found = self._read(size)
        if len(found) != size:
            raise BrokenBackup(DAMAGED)
        return found

    def member(self) -> Member:
        """The one that begins here."""
        try:
            header = tarfile.TarInfo.frombuf(self.exactly(BLOCK), "ascii", "strict")
        except (tarfile.HeaderError, ValueError):
            raise self._broken() from None
        self._is_ours = True
        return Member(header.name, header.size, self)

    def end(self) -> None:
        """Make sure that nothing follows but the end."""
        if self._read(2 * BLOCK + 1) != bytes(2 * BLOCK):
            raise BrokenBackup(DAMAGED)
        self._seal.require()

    def _read(self, size: int) -> bytes:
        found = bytearray()
        try:
            while len(found) < size and (chunk := self._stream.read(size - len(found))):
                found += chunk
        except (zstd.ZstdError, EOFError):
            raise self._broken() from None
        return bytes(found)

    def _broken(self) -> BrokenBackup:
        return BrokenBackup(DAMAGED if self._is_ours else FOREIGN)


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
