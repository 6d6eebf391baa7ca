"""Reading an export: a JSON file, plain or packed, a folder of them, or a tar of them.

How a file is packed is told by its first bytes: its name may say anything.
"""

import bz2
import gzip
import json
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from webapp.exchange.records import BrokenRecord, number_in

PACKED = ("", ".gz", ".xz", ".bz2")
OPENED: dict[bytes, Callable[..., IO[Any]]] = {b"\x1f\x8b": gzip.open, b"\xfd7zXZ\x00": lzma.open, b"BZh": bz2.open}
# What damaged files raise, whatever they claim to be.
UNREADABLE = (OSError, EOFError, ValueError, RecursionError, tarfile.TarError, lzma.LZMAError, zlib.error)


def load(path: Path) -> Any:
    """The JSON in a file. Raises BrokenRecord, saying where, for a file that is none."""
    with _damage_in_one_sentence(path.name), _opened(path) as file:
        return json.load(file)


def beside(path: Path, name: str) -> Path | None:
    """The file of this name, packed or not, in the same folder."""
    return next((found for ending in PACKED if (found := path.parent / f"{name}{ending}").is_file()), None)


def each(path: Path) -> Iterator[tuple[str, Any]]:
    """(name, JSON) of every file of a folder or a tar, in order of their names' numbers."""
    if path.is_dir():
        for file in sorted(path.rglob("*.json"), key=_by_number):
            yield file.name, load(file)
        return
    with _damage_in_one_sentence(path.name), tarfile.open(path) as tar:
        members = [one for one in tar.getmembers() if one.isfile() and one.name.endswith(".json")]
        for member in sorted(members, key=lambda one: _by_number(Path(one.name))):
            with _damage_in_one_sentence(member.name):
                content = tar.extractfile(member)
                found = json.loads(content.read().decode("utf-8-sig")) if content else None
            yield member.name, found


def is_tar(path: Path) -> bool:
    try:
        return path.is_file() and (".tar" in path.suffixes or tarfile.is_tarfile(path))
    except UNREADABLE:
        return False


@contextmanager
def _damage_in_one_sentence(name: str) -> Iterator[None]:
    """Whatever a damaged file raises, told in one sentence."""
    try:
        yield
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BrokenRecord(f"{name} is not JSON: {error.msg} at {where}") from None
    except RecursionError:
        raise BrokenRecord(f"{name} cannot be read: it is nested too deeply") from None
    except UNREADABLE as error:
        said = str(error).partition("\n")[0].rstrip(":")
        raise BrokenRecord(f"{name} cannot be read: {said}") from None


def _opened(path: Path) -> IO[Any]:
    with path.open("rb") as file:
        beginning = file.read(6)
    opened = next((way for mark, way in OPENED.items() if beginning.startswith(mark)), open)
    return opened(path, "rt", encoding="utf-8-sig")


def _by_number(path: Path) -> tuple[int, str]:
    return (number_in(path.stem) or 0, str(path))
