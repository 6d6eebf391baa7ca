"""Reading an export: a JSON file, plain or packed, a folder of them, or a tar of them."""

import gzip
import json
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from webapp.exchange.records import BrokenRecord, number_in

PACKED = ("", ".gz", ".xz")


def load(path: Path) -> Any:
    """The JSON in a file. Raises BrokenRecord, saying where, for a file that is none."""
    try:
        with _opened(path) as file:
            return json.load(file)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BrokenRecord(f"{path.name} is not JSON: {error.msg} at {where}") from None
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise BrokenRecord(f"{path.name} cannot be read: {error}") from None


def beside(path: Path, name: str) -> Path | None:
    """The file of this name, packed or not, in the same folder."""
    return next((found for ending in PACKED if (found := path.parent / f"{name}{ending}").is_file()), None)


def each(path: Path) -> Iterator[tuple[str, Any]]:
    """(name, JSON) of every file of a folder or a tar, in order of their names' numbers."""
    if path.is_dir():
        for file in sorted(path.rglob("*.json"), key=_by_number):
            yield file.name, load(file)
        return
    try:
        with tarfile.open(path) as tar:
            members = [one for one in tar.getmembers() if one.isfile() and one.name.endswith(".json")]
            for member in sorted(members, key=lambda one: _by_number(Path(one.name))):
                content = tar.extractfile(member)
                yield member.name, json.load(content) if content else None
    except (tarfile.TarError, ValueError, OSError) as error:
        raise BrokenRecord(f"{path.name} cannot be read: {error}") from None


def is_tar(path: Path) -> bool:
    return path.is_file() and ".tar" in path.suffixes


def _opened(path: Path) -> IO[Any]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _by_number(path: Path) -> tuple[int, str]:
    return (number_in(path.stem) or 0, str(path))
