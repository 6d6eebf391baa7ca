"""A file of a bucket, as it is sent: read in parts, so that none is in memory whole."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import Buffer

if TYPE_CHECKING:
    from webapp.stores.bucket import Bucket

# Each is a request of its own: a store is not kept waiting for a slow browser, which would end the connection.
PART = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Object:
    """A file of a bucket that has not been asked for yet."""

    bucket: "Bucket"
    key: str

    def open(self) -> "Reading":
        """Begin to read it. Raises FileNotFoundError, and Unavailable if the store does not answer."""
        return Reading(self)

    def address(self, media_type: str, disposition: str) -> str:
        """Where a browser gets it from the store itself. Raises as `open` does."""
        self.bucket.size_of(self.key)
        return self.bucket.address_of(self.key, media_type, disposition)


class Reading(io.RawIOBase):
    """It, from wherever it is asked for; `size` is how long it is."""

    def __init__(self, of: Object) -> None:
        self._of, self._at, self._from = of, 0, 0
        self._part, self.size = of.bucket.beginning(of.key, PART)

    def readable(self) -> bool:
        """As Python asks of files."""
        return True

    def seekable(self) -> bool:
        """Likewise."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on reading elsewhere; the store is not asked yet."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        """Fill what it is given, as far as the part goes that is there."""
        if self._at >= self.size:
            return 0
        if not self._from <= self._at < self._from + len(self._part):
            end = min(self._at + PART, self.size)
            self._part, self._from = self._of.bucket.range_of(self._of.key, self._at, end), self._at
        into = memoryview(buffer)
        found = self._part[self._at - self._from :][: len(into)]
        into[: len(found)] = found
        self._at += len(found)
        return len(found)
