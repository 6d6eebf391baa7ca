"""Running PostgreSQL's programs: under the right account, with a fixed environment."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import EmbeddedError

# The caller's PG… variables and language must not reach the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """Whom root runs the server as."""

    uid: int
    gid: int


def run(command: Sequence[str | Path], account: Account | None, *, cwd: Path, keep: int | None = None) -> None:
    """Run a program to its end; what it leaves running inherits the descriptor `keep`."""
    # A file, not a pipe: a pipe would stay open in whatever the program leaves running.
    with tempfile.TemporaryFile() as output:
        if _call(command, account, cwd=cwd, output=output, keep=() if keep is None else (keep,)):
            output.seek(0)
            raise EmbeddedError(f"{Path(command[0]).name} failed: {_cause(output)}")


def says(command: Sequence[str | Path]) -> str:
    """What a program prints; nothing if it cannot be run at all."""
    with tempfile.TemporaryFile() as output:
        try:
            _call(command, None, cwd=Path("/"), output=output)
        except OSError:
            return ""
        output.seek(0)
        return output.read().decode(errors="replace")


def works(command: Sequence[str | Path], account: Account | None) -> bool:
    """Whether a program can be run at all, and says yes."""
    try:
        return not _call(command, account, cwd=Path("/"), output=subprocess.DEVNULL)
    except OSError:
        return False


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the account can reach the folder: asked of the kernel, which also knows access lists."""
    return works(["/bin/sh", "-c", 'cd "$1"', "sh", folder], account)


def _call(
    command: Sequence[str | Path],
    account: Account | None,
    *,
    cwd: Path,
    output: IO[bytes] | int,
    keep: Sequence[int] = (),
) -> int:
    """The exit status. A session of its own keeps a Ctrl-C of our terminal away from the server."""
    return subprocess.call(  # noqa: S603 (our own programs, without a shell)
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=ENVIRONMENT,
        pass_fds=keep,
        start_new_session=True,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _cause(output: IO[bytes]) -> str:
    """The line that tells why: what follows the first error is often only tidying up."""
    lines = output.read().decode(errors="replace").strip().splitlines() or ["no message"]
    return next((line for line in lines if re.search("error:|ERROR|FATAL|PANIC", line)), lines[-1])
