"""One of the server's processes does jobs: it comes and goes with the others, and leaves requests to them."""

import os
import signal
from pathlib import Path

import pytest

from tests.prepared import started_database
from tests.server.running import PATIENCE, Server, wait


class Working(Server):
    """A server whose worker is on."""

    @property
    def doing_jobs(self) -> set[int]:
        """Those of its processes that do not listen, as they have closed the port."""
        return {pid for pid in self.workers if not self._listens(pid)}

    def _listens(self, pid: int) -> bool:
        port = f":{self.port:04X} 00000000:0000 0A"
        lines = Path("/proc/net/tcp").read_text().splitlines()
        [inode] = [line.split()[9] for line in lines if port in line]
        try:
            return any(os.readlink(one) == f"socket:[{inode}]" for one in Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            return True


@pytest.fixture(scope="module")
def server(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with started_database(database, folder) as address:
        running = Working(address, folder, "http://localhost:5173", WORKER="on")
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.process.kill()
            wait(lambda: not running.workers)


def is_whole(server, before=frozenset()):
    return len(server.workers) == 3 and len(server.doing_jobs) == 1 and not server.workers & before


def test_one_of_three_does_jobs(server):
    wait(lambda: is_whole(server))
    wait(lambda: server.rows("SELECT FROM job_rounds"))
    wait(lambda: not server.rows("SELECT FROM jobs WHERE task = 'clear_dead_jobs'"))
    assert server.ask("GET", "/healthz").status == 200


def test_whoever_is_killed_is_replaced(server):
    wait(lambda: is_whole(server))
    before = server.doing_jobs
    server.rows("DELETE FROM job_rounds RETURNING task")
    os.kill(min(before), signal.SIGKILL)
    wait(lambda: is_whole(server, before))
    wait(lambda: server.rows("SELECT FROM job_rounds"))


def test_a_reload_replaces_it_with_the_others(server):
    wait(lambda: is_whole(server))
    before = server.workers
    server.process.send_signal(signal.SIGHUP)
    wait(lambda: is_whole(server, before))
    assert server.ask("GET", "/readyz").status == 200
    server.person()  # written through the session: what the old code has listened to is not asked


def test_it_leaves_when_its_server_is_killed(server):
    wait(lambda: is_whole(server))
    before = server.workers
    server.process.kill()
    server.process.wait(PATIENCE)
    wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))
