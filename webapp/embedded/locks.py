"""Locks of files: held by open descriptors, freed by the kernel when the last of them is closed."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import EmbeddedError

try:
    import fcntl
except ImportError as error:
    raise EmbeddedError("The embedded PostgreSQL needs Linux or macOS: set DATABASE_URL, or use WSL.") from error


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Hold the file's lock in the block; wait for it."""
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def shared(file: Path) -> int:
    """Take the file's lock beside others who share it; it is held until the descriptor is closed."""
    descriptor = _open(file)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def taken(file: Path) -> int | None:
    """Take the file's lock alone and at once, or say None."""
    descriptor = _open(file)
    if became_exclusive(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def wait_until_free(file: Path) -> None:
    """Wait until nobody holds the file's lock, without keeping it."""
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Closing would not be enough: a process that was forked meanwhile has a copy of the descriptor.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def became_exclusive(descriptor: int) -> bool:
    """Turn a shared lock into an exclusive one, if nobody else holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(descriptor: int) -> None:
    """Turn an exclusive lock back into a shared one."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def require_inheritance(file: Path) -> None:
    """Refuse a file system on which a child loses the lock that its parent handed down.

    NFS is one. There, `alive.lock` would look free beside a running server, and a second server on the
    same files would destroy them.
    """
    ours = taken(file)
    if ours is None:
        return
    child = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, pass_fds=(ours,))
    os.close(ours)
    theirs = taken(file)
    child.communicate()
    if theirs is not None:
        os.close(theirs)
        raise EmbeddedError(
            f"{file.parent} is on a file system without reliable locks (NFS?): "
            "set DATABASE_URL, or CAIRN_DATA to a folder on a local disk."
        )


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
