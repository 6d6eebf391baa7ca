"""Deploys under load, which nobody may feel; and those that are felt, to show that it would be seen."""

import os
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPSConnection
from pathlib import Path
from typing import TypeVar

import pytest

from tests.conftest import KEY
from tests.deploy.test_nginx import NGINX, configured, needs_nginx
from tests.faults.clusters import is_running
from tests.faults.ledger import CUT, PATIENCE, settle, wait, wait_until_started
from tests.faults.test_servers import Held
from tests.faults.visitors import UNAVAILABLE, Visitors
from tests.server.running import Server, end, free_port
from webapp import migrations
from webapp.config import ROOT

# What is kept is compared with what is there only where nobody writes in between.
ALONE = {"CAIRN_PARANOID": "0"}
# Requests during a deploy: what is promised, and what a plain run has time for.
# And the seconds that the next version's migration takes.
MANY, SECONDS = (1000, 5) if "CAIRN_FAULTS" in os.environ else (200, 1)
# A table that is altered keeps others waiting, so what takes long comes first.
MIGRATION = f"""
from alembic import op

revision = "9999"
down_revision = "{migrations.head()}"


def upgrade():
    op.execute("CREATE TABLE deploys_note AS SELECT pg_sleep({SECONDS})::text AS slept")
    op.execute("ALTER TABLE issues ADD COLUMN deploys_note text")
"""


Kind = TypeVar("Kind", bound=Server)


class Supervised(Server):
    """A server that tells a supervisor which process is the main one, as systemd hears it."""

    supervisor: socket.socket
    told: list[int]
    # What a shell does before it becomes gunicorn, and what it is given as its input.
    prepared, given = "", subprocess.DEVNULL

    def begin(self) -> subprocess.Popen[bytes]:
        place = self.log.parent / "notify"
        place.unlink(missing_ok=True)
        self.told = []
        self.supervisor = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.supervisor.bind(str(place))
        ours = {"SECRET_KEY": KEY, "WORKER": "off", "LIMIT_FACTOR": "0", "NOTIFY_SOCKET": str(place)}
        # Not `-m gunicorn`, which cannot start itself anew.
        gunicorn = shlex.join([sys.executable, str(Path(sys.executable).with_name("gunicorn"))])
        script = f"{self.prepared} exec {gunicorn} --config gunicorn.conf.py wsgi:app"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", script], cwd=self.root, env=os.environ | ours | self.settings, stdin=self.given,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        return self.process

    @property
    def main_process(self) -> int:
        return self.told[-1] if self.told else self.process.pid

    def listen(self) -> bool:
        """Whether it is told of another main process."""
        told = self.supervisor.recv(4096).decode()
        if told.startswith("MAINPID="):
            self.told.append(int(told.partition("=")[2].split()[0]))
        return told.startswith("MAINPID=")

    def is_succeeded(self, main: int) -> bool:
        """Ask it to be, and see. One that has just taken over itself ignores that for a second."""
        self.supervisor.settimeout(1)
        with suppress(TimeoutError, ProcessLookupError):
            os.kill(main, signal.SIGUSR2)
            while True:
                if self.listen():
                    return True
        return False

    def stop(self) -> None:
        """End whoever has taken over as well, whether somebody has listened or not."""
        try:
            if self.process.poll() is None:
                end(self.process)
        finally:
            self.supervisor.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    self.listen()
            self.supervisor.close()
            for pid in self.told:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            wait(lambda: not any(map(is_running, self.told)))


class HeldAndSupervised(Supervised):
    """As the shipped units do it: systemd holds the port as well, and hands it over as file 3."""

    prepared = "exec 3<&0; export LISTEN_FDS=1 LISTEN_PID=$$;"
    port_holder: socket.socket

    def begin(self) -> subprocess.Popen[bytes]:
        if not hasattr(self, "port_holder"):
            self.port_holder = socket.create_server(("127.0.0.1", self.port), backlog=2048)
            self.given = self.port_holder.fileno()
        return super().begin()

    def stop(self) -> None:
        super().stop()
        self.port_holder.close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Code whose next version comes with a migration."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("webapp", "migrations"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("gunicorn.conf.py", "wsgi.py"):
        shutil.copy(ROOT / name, root / name)
    for name in ("templates", "static", "translations", "deploy"):
        (root / name).symlink_to(ROOT / name)
    return root


@pytest.fixture
def url(postgres, request) -> Iterator[str]:
    """A database of the test's own: it is migrated to where no other code is."""
    name = f"deploys_{request.node.name[:12]}"
    postgres.rows(f"CREATE DATABASE {name}")
    yield postgres.url(name)
    postgres.rows(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running(kind: type[Kind], url: str, folder: Path, **given: object) -> Iterator[Kind]:
    folder.mkdir(exist_ok=True)
    server = kind(url, folder, "http://localhost", **(ALONE | given))  # type: ignore[arg-type]
    try:
        wait_until_started(server)
        yield server
    finally:
        server.stop()


def bring(checkout: Path) -> None:
    """The next version's code is there, and its migration has yet to run."""
    (checkout / "migrations" / "versions" / "9999_next.py").write_text(MIGRATION)


def restart(server: Server) -> None:
    end(server.process)
    server.begin()
    wait_until_started(server)


def not_felt(visitors: Visitors, server: Server) -> None:
    """All are answered well, and what they wrote is there, once."""
    assert not visitors.failed, visitors
    settle(visitors, server.database, may=())


def enough(visitors: Visitors) -> None:
    wait(lambda: len(visitors.sent) + len(visitors.reads) >= MANY)


def take_over(server: Supervised) -> None:
    """Have another one take over from the main process, and wait until that has gone."""
    main = server.main_process
    wait(lambda: server.is_succeeded(main))
    wait(lambda: server.process.poll() is not None and not is_running(main))


@pytest.mark.parametrize("kind", [Supervised, HeldAndSupervised], ids=["its-port", "held-port"])
@pytest.mark.faults(quick=True)
def test_r29_nobody_notices_that_another_server_takes_over_and_migrates(kind, checkout, url, tmp_path, tell):
    """And then one takes over from that one."""
    with running(kind, url, tmp_path, root=checkout) as server:
        ada = server.person()
        project = server.project(ada)
        with Visitors(server, ada, project) as visitors:
            visitors.be_answered(MANY // 5)
            bring(checkout)
            take_over(server)
            assert server.process.returncode == 0
            visitors.be_answered(MANY // 5)
            take_over(server)
            visitors.be_answered(MANY // 5)
            enough(visitors)
        assert len(set(server.told)) == 2
        assert server.rows("SELECT count(*) FROM deploys_note") == [1]
        assert server.ask("GET", "/readyz").status == 200
        not_felt(visitors, server)
    tell(f"R29 {kind.__name__}: USR2 with a migration of {SECONDS} s, and once more", str(visitors))


@pytest.mark.faults(quick=True)
def test_r29_who_cannot_take_over_leaves_the_server_as_it_is(checkout, url, tmp_path):
    with running(Supervised, url, tmp_path, root=checkout) as server:
        (checkout / "wsgi.py").write_text("def (")
        before = server.workers
        server.process.send_signal(signal.SIGUSR2)
        wait(lambda: "SyntaxError" in server.log.read_text())
        wait(lambda: server.workers == before)
        assert server.is_ready()


@pytest.mark.faults
def test_r30_a_restart_behind_a_held_port_is_only_waited_for(checkout, url, tmp_path, tell):
    with running(Held, url, tmp_path) as server:
        ada = server.person()
        with Visitors(server, ada, server.project(ada)) as visitors:
            visitors.be_answered(MANY // 5)
            restart(server)
            enough(visitors)
        not_felt(visitors, server)
        tell("R30 restart behind a held port", str(visitors))


@pytest.mark.faults(quick=True)
def test_r30_control_a_restart_of_one_server_is_felt(url, tmp_path, tell):
    with running(Server, url, tmp_path) as server:
        ada = server.person()
        with Visitors(server, ada, server.project(ada)) as visitors:
            visitors.be_answered(MANY // 5)
            restart(server)
            visitors.be_answered(MANY // 5)
        assert visitors.failed[CUT]
        settle(visitors, url, may=(CUT,))
        tell("R30 control, one server restarted", str(visitors))


@contextmanager
def proxied(folder: Path, *servers: Server) -> Iterator[Callable[[], HTTPSConnection]]:
    """The shipped nginx before some servers: how to connect to it."""
    folder.mkdir()
    port = free_port()
    whole = configured(folder, http=free_port(), https=port, upstream=servers[0].port)
    line = f"server 127.0.0.1:{servers[0].port} max_fails=0;"
    text = whole.read_text()
    assert line in text
    whole.write_text(text.replace(line, "".join(line.replace(str(servers[0].port), str(s.port)) for s in servers)))
    proxy = subprocess.Popen([str(NGINX), "-p", folder, "-e", folder / "error.log", "-c", whole])
    trusting = ssl._create_unverified_context()
    try:
        wait(partial(accepts, port))
        yield lambda: HTTPSConnection("localhost", port, timeout=PATIENCE, context=trusting)
    finally:
        proxy.terminate()
        proxy.wait(PATIENCE)


def accepts(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    return False


@needs_nginx
@pytest.mark.faults
def test_r31_nobody_notices_that_two_servers_are_restarted_in_turn(checkout, url, tmp_path, tell):
    """The first brings a migration; the second serves the former version on the new schema until its turn."""
    given = {"root": checkout, "TRUSTED_PROXIES": "1"}
    with (
        running(Server, url, tmp_path / "one", **given) as one,
        running(Server, url, tmp_path / "two", **given) as two,
        proxied(tmp_path / "nginx", one, two) as door,
    ):
        ada = one.person()
        with Visitors(one, ada, one.project(ada), door=door) as visitors:
            visitors.be_answered(MANY // 5)
            bring(checkout)
            restart(one)
            restart(two)
            enough(visitors)
        not_felt(visitors, one)
        tell(f"R31 two servers behind nginx restarted in turn, a migration of {SECONDS} s", str(visitors))


@needs_nginx
@pytest.mark.faults
def test_r31_control_a_restart_of_the_only_one_is_told_with_a_time(url, tmp_path, tell):
    with (
        running(Server, url, tmp_path / "one", TRUSTED_PROXIES="1") as one,
        proxied(tmp_path / "nginx", one) as door,
    ):
        ada = one.person()
        with Visitors(one, ada, one.project(ada), door=door) as visitors:
            visitors.be_answered(MANY // 5)
            restart(one)
            visitors.be_answered(MANY // 5)
        assert visitors.failed[UNAVAILABLE]
        settle(visitors, url, may=(UNAVAILABLE,))
        tell("R31 control, one server behind nginx restarted", str(visitors))
