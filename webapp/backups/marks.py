"""What is noted beside an archive: that it was restored to try it."""

from contextlib import suppress
from pathlib import Path


def note(archive: Path) -> None:
    """Note that an archive was tried now. Where nothing can be written, nothing is noted."""
    with suppress(OSError):
        _mark(archive).touch()


def forget(archive: Path) -> None:
    """Take what was noted beside an archive that goes."""
    _mark(archive).unlink(missing_ok=True)


def tried(archive: Path) -> float | None:
    """When it was tried, in Unix seconds, if that was this file: another one of the same name is younger."""
    try:
        at = _mark(archive).stat().st_mtime
    except OSError:
        return None
    return at if at >= archive.stat().st_mtime else None


def _mark(archive: Path) -> Path:
    return archive.with_name(f".{archive.name}.rehearsed")
