"""Where the database lives, and under which account its server runs."""

import hashlib
import logging
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedError
from .programs import Account, can_enter

MAJOR = 18
PORT = 5432
# sockaddr_un holds 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET = 100
# Folders for the data of services, on Linux and macOS.
APART = (Path("/var/lib"), Path("/var/db"))

log = logging.getLogger("cairn.embedded")


@dataclass(frozen=True)
class Home:
    """The folder of one database cluster. `account` is whom root lends it to, else None.

    `uploads` is where the files lie that the database knows of; `cluster`, the name of the server's own folder.
    """

    path: Path
    account: Account | None
    uploads: Path
    cluster: str = f"data{MAJOR}"

    @property
    def data(self) -> Path:
        return self.path / self.cluster

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def log(self) -> Path:
        return self.run / "postgres.log"

    @property
    def settings(self) -> Path:
        return self.path / "cairn.conf"

    @property
    def socket(self) -> Path:
        """The server's socket: in `run`, or in a short private folder if that path is too long for one.

        Or has a comma: the client would take it for a list of hosts.
        """
        usual = self.run / f".s.PGSQL.{PORT}"
        if len(os.fsencode(usual)) <= LONGEST_SOCKET and "," not in str(usual):
            return usual
        uid = self.account.uid if self.account else os.geteuid()
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        # Not $TMPDIR: two processes with different ones must find the same server.
        return Path("/tmp") / f"cairn-{uid}-{digest}" / usual.name  # noqa: S108

    def lock(self, name: str) -> Path:
        """The path of a lock file, which exists and belongs to the owner of the folder."""
        file = self.path / f"{name}.lock"
        if self.account and not file.exists():
            file.touch(mode=0o600)
            owner = self.path.stat()
            os.chown(file, owner.st_uid, owner.st_gid, follow_symlinks=False)
        return file

    def private(self, folder: Path) -> Path:
        """Make a folder that only the server's account may enter, or make sure that it is one."""
        uid = self.account.uid if self.account else os.geteuid()
        try:
            folder.mkdir(mode=0o700)
            self.give(folder)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
                raise EmbeddedError(f"{folder} belongs to someone else: remove it, or set DATABASE_URL.") from None
        return folder

    def give(self, path: Path) -> None:
        """Hand a path over to the server's account."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    def draft(self) -> Path:
        """A folder to prepare something in, whole only once it is renamed."""
        return Path(tempfile.mkdtemp(prefix="draft-", dir=self.path))

    def sweep(self) -> None:
        """Remove what starts that were killed have left half-made. Only while no server runs."""
        for left in self.path.glob("draft-*"):
            shutil.rmtree(left, ignore_errors=True)


def claim(path: Path) -> Home:
    """Make the folder ours, and settle who runs the server."""
    uploads = path.expanduser().absolute().with_name("files")
    path = path.expanduser().resolve()
    if os.geteuid() == 0:
        return Home(*_claim_as_root(path), uploads)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return Home(path, None, uploads)


def _claim_as_root(path: Path) -> tuple[Path, Account]:
    path.parent.mkdir(parents=True, exist_ok=True)
    account = _owner(path) or _nobody()
    if not can_enter(path.parent, account):
        path = _set_apart(path)
    if not path.exists():
        path.mkdir()
    if path.stat().st_uid == 0:
        path.chmod(0o711)  # others may pass through to the server's own folders, which are 0700
    return path, account


def _owner(path: Path) -> Account | None:
    """Whose folder it is already: their server goes on running as them when root starts it."""
    if not path.exists() or path.stat().st_uid == 0:
        return None
    return Account(path.stat().st_uid, path.stat().st_gid)


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL cannot run as root, and there is no user `nobody`: set DATABASE_URL."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _set_apart(path: Path) -> Path:
    """Put a symbolic link in the folder's place, to a new one that the server's account can reach.

    The link is the only record: it moves with the checkout, and deleting it means starting afresh.
    """
    if path.exists() and any(path.iterdir()):
        raise EmbeddedError(
            f"The user that PostgreSQL runs as can no longer reach {path}, which holds the database: "
            f"let it pass through {path.parent}, or set DATABASE_URL."
        )
    base = next((folder for folder in APART if folder.is_dir()), APART[0])
    apart = Path(tempfile.mkdtemp(prefix="cairn-", dir=base))
    if path.exists():
        path.rmdir()
    try:
        path.symlink_to(apart)
    except FileExistsError:  # another start was faster
        apart.rmdir()
    else:
        log.warning("PostgreSQL runs as nobody, who cannot enter %s: its data is kept in %s.", path.parent, apart)
    return path.resolve()
