"""Folders for embedded databases, and other processes that use them."""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from webapp import embedded
from webapp.embedded import Embedded, binaries, programs, server
from webapp.embedded import home as homes
from webapp.embedded.home import Home
from webapp.embedded.programs import Account

PACKAGE = Path(embedded.__file__).parent
AS_ROOT = os.geteuid() == 0
# `sys.path` gets the folder above the package, not above webapp: the application need not be loaded.
PROGRAM = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(PACKAGE.parent)!r})
import embedded
print(embedded.acquire(Path(sys.argv[1]), durable=False).url(), flush=True)
sys.stdin.read()
"""


class Application:
    """Another process that uses the database until it is told to end, or killed."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> "Application":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.communicate()


def reachable_folder() -> Path:
    """A folder that every account can reach, unlike pytest's own; in memory if there is room."""
    roomy = os.path.exists("/dev/shm") and shutil.disk_usage("/dev/shm").free > 1_000_000_000
    path = Path(tempfile.mkdtemp(prefix="cairn test ", dir="/dev/shm" if roomy else "/tmp"))
    path.chmod(0o755)
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    path = reachable_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture
def fresh(folder: Path) -> Path:
    """Where a database may be made."""
    return folder / "fresh" / "postgres"


@pytest.fixture(scope="module")
def pattern() -> Iterator[Path]:
    """A database that is made once and copied, because making one takes most of a second."""
    path = reachable_folder()
    lease = acquire(path / "postgres")
    lease.url()
    lease.release()
    yield path / "postgres"
    shutil.rmtree(path)


@pytest.fixture
def home(folder: Path, pattern: Path) -> Path:
    """Where a database is, and no server."""
    return copied(pattern, folder / "postgres")


def copied(pattern: Path, home: Path) -> Path:
    home.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", str(pattern), str(home)], check=True)
    return home


def older(path: Path) -> Home:
    return replace(homes.claim(path), cluster="data16")


def make_older(path: Path) -> None:
    """A cluster, by the programs of PostgreSQL 16."""
    home = older(path)
    folder = binaries.for_account(home, 16)
    home.private(home.data)
    options = ("--username=postgres", "--locale=C", "--encoding=UTF8", "--auth-local=trust", "--no-sync")
    programs.run((folder / "initdb", f"--pgdata={home.data}", *options), home.account, cwd=home.path)


@contextmanager
def serving_older(path: Path) -> Iterator[str]:
    """Serve it with those programs, as the Cairn of that time did; the address of its database."""
    home = older(path)
    alive = server.clear(home)
    server.configure(home, durable=False)
    server.launch(home, binaries.for_account(home, 16), alive)
    os.close(alive)
    server.require_ready(home)
    server.create_database(home, "cairn")
    yield f"postgresql+psycopg2://cairn@/cairn?host={home.socket.parent}"
    server.stop(home)


def acquire(home: Path) -> Embedded:
    return embedded.acquire(home, durable=False)


def ask(url: str, *statements: str) -> object:
    """Run the statements; the answer of the last one."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def remember(url: str) -> None:
    ask(url, "CREATE TABLE memory (word text)", "INSERT INTO memory VALUES ('kept')")


def recall(url: str) -> object:
    return ask(url, "SELECT word FROM memory")


def answers(url: str) -> bool:
    with suppress(OperationalError):
        return ask(url, "SELECT 1") == 1
    return False


def runs(home: Path) -> bool:
    """Whether any process of the server is left: told by the lock that they inherit."""
    with (home / "alive.lock").open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def kill_server(home: Path, cluster: str = "data18") -> None:
    os.kill(int((home / cluster / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def starts(home: Path) -> int:
    return (home / "run" / "postgres.log").read_text().count("starting PostgreSQL")


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)
