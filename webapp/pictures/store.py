"""The pictures on the disk: `pictures/<sum of the address>` in the data folder.

An empty file is one that did not come.
"""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from webapp import config

# Together they take so much at most; what was fetched first goes first.
MOST = 256 * 1024 * 1024
# So often at most one looks how much that is.
SWEPT = 60.0
_TYPES = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))

_swept = 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an address."""

    path: Path
    media_type: str
    age: float

    @property
    def is_empty(self) -> bool:
        """Whether no picture came."""
        return not self.media_type

    @property
    def etag(self) -> str:
        """Another one as soon as it was fetched anew."""
        return f"{self.path.name[:32]}-{int(time.time() - self.age):x}"


def find(url: str) -> Kept | None:
    """What is kept of an address, if it was ever asked for."""
    path = _path(url)
    try:
        with path.open("rb") as file:
            begin = file.read(4)
            age = time.time() - os.fstat(file.fileno()).st_mtime
    except FileNotFoundError:
        return None
    return Kept(path, next((name for sign, name in _TYPES if begin.startswith(sign)), ""), age)


def keep(url: str, picture: bytes) -> Kept:
    """Keep a picture, or by nothing that none came."""
    with draft(picture) as new:
        new.replace(_path(url))
    _sweep_sometimes()
    return touch(url)


def touch(url: str) -> Kept:
    """Take what is kept for as good as new."""
    path = _path(url)
    with suppress(FileNotFoundError):
        os.utime(path)
    return find(url) or Kept(path, "", 0.0)


@contextmanager
def draft(content: bytes) -> Iterator[Path]:
    """A file that is gone afterwards, if it was not put elsewhere."""
    path = _home() / f".{secrets.token_hex(16)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def sweep() -> None:
    """Let the oldest go, if they are too many: a tenth more, so that it is not asked for again at once."""
    found = []
    for entry in os.scandir(_home()):
        with suppress(FileNotFoundError):
            stat = entry.stat()
            found.append((stat.st_mtime, max(stat.st_size, 4096), entry.path))
    total = sum(size for _, size, _ in found)
    if total <= MOST:
        return
    for _, size, path in sorted(found):
        with suppress(FileNotFoundError):
            os.unlink(path)
        total -= size
        if total <= MOST * 9 // 10:
            break


def _sweep_sometimes() -> None:
    global _swept
    if time.monotonic() - _swept > SWEPT:
        _swept = time.monotonic()
        sweep()


def _path(url: str) -> Path:
    return _home() / sha256(url.encode()).hexdigest()


def _home() -> Path:
    return config.of_this_app().cairn_data / "pictures"
