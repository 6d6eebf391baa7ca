"""A PostgreSQL of a test's own, which keeps what it has acknowledged: to be killed, frozen and replaced."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2

from tests.databases import connected
from tests.server.running import PATIENCE, free_port
from webapp.embedded import binaries, programs
from webapp.embedded import home as homes

OWNER = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_error_statement": "panic",
}


class Cluster:
    """The included programs, or Debian's of another major version, run by this process as its child; `settings` are beside
    those that initdb finds."""

    def __init__(self, folder: Path, major: int = homes.MAJOR, **settings: str) -> None:
        self.home = homes.claim(folder)
        self.home.private(self.home.data)
        self.programs = binaries.for_account(self.home, major)
        self.port, self.settings = free_port(), SETTINGS | settings
        self.process: subprocess.Popen[bytes] | None = None

    def initialise(self) -> None:
        self._run("initdb", f"--pgdata={self.home.data}", f"--username={OWNER}", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        self.start()
        with closing(connected(self.url("postgres"))) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE cairn")

    def follow(self, primary: "Cluster") -> None:
        """Become a replica of another one."""
        self.copy(primary, "-R")
        self.start()

    def copy(self, other: "Cluster", *options: str) -> None:
        """Take a base backup of another one, which runs."""
        source = f"host=127.0.0.1 port={other.port} user={OWNER}"
        self._run("pg_basebackup", "-d", source, "-D", str(self.home.data), "-c", "fast", "--no-sync", *options)

    def url(self, database: str = "cairn") -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it can be asked."""
        account, settings = self.home.account, self.settings | {"port": str(self.port)}
        command: list[str | Path] = [self.programs / "postgres", "-D", self.home.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.home.path,
                env=programs.ENVIRONMENT, start_new_session=True, umask=0o077,
                user=account.uid if account else None, group=account.gid if account else None,
                extra_groups=[] if account else None,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log.read_text()[-3000:])
            time.sleep(0.02)

    @property
    def log(self) -> Path:
        return self.home.path / "postgres.log"

    def answers(self) -> bool:
        with suppress(psycopg2.OperationalError):
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
            return True
        return False

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with closing(connected(self.url())) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [row[0] if len(row) == 1 else row for row in cursor.fetchall()] if cursor.description else []

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """As `pg_ctl stop -m fast` does, or another way; returns when it has ended."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)

    def kill(self) -> None:
        """What the power does: all of its processes end at this moment, and write nothing more."""
        assert self.process is not None
        pids = self.children
        for pid in (self.process.pid, *pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        while any(is_running(pid) for pid in pids):
            time.sleep(0.01)
        (self.home.data / "postmaster.pid").unlink()  # its number may be another's by now

    @property
    def children(self) -> list[int]:
        assert self.process is not None
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def _run(self, program: str, *arguments: str) -> None:
        programs.run((self.programs / program, *arguments), self.home.account, cwd=self.home.path)


def is_running(pid: int) -> bool:
    """Whether a process goes on; one that has ended and that nobody asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def cluster(folder: Path, major: int = homes.MAJOR, **settings: str) -> Iterator[Cluster]:
    """A new one with an empty database, for as long as the block takes."""
    one = Cluster(folder, major, **settings)
    one.initialise()
    try:
        yield one
    finally:
        ended(one)


def ended(one: Cluster) -> None:
    if one.process is not None and one.process.poll() is None:
        one.stop(signal.SIGQUIT)
