"""Times the same pages with little and with much: `python -m bench.measure FOLDER FOLDER FOLDER`.

Each folder is a CAIRN_DATA with a generated tracker, the smallest first. All servers run at once, as they are
delivered but with one worker, and are asked in turn, so that noise on the machine falls on all alike. Before each
look an issue of the big project changes, so that no page is one that was kept. What is printed is the median of each
page in milliseconds as a client sees it, and last : first. Where a small tracker has fewer issues to show than fill a
page, how many each shows is said. The exit status is 1 if a page is slower with more issues than it may be.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg2

from bench.generate import EMAIL, PASSWORD
from bench.scenarios import Scenario, scenarios
from bench.served import listening
from webapp.config import ROOT

WARM_UPS = 3
ROW = re.compile(rb'<li (?:class="issue-row|id="card-)')
PATIENCE = 120.0  # seconds until a server answers
TOUCH = (
    "UPDATE issues SET title = CASE WHEN title LIKE '%.' THEN rtrim(title, '.') ELSE title || '.' END FROM projects"
    " WHERE projects.key = 'BIG' AND project_id = projects.id AND number = next_number - 1"
)


class Server:
    """A server of its own process group on one folder, with somebody logged in."""

    def __init__(self, folder: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        own = {"CAIRN_DATA": folder, "PORT": str(self.port), "WEB_CONCURRENCY": "1", "LIMIT_FACTOR": "0"}
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
        self.process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self.folder = Path(folder)
        self.database: Any = None
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.headers: dict[str, str] = {}
        self.wait = 0.0

    def log_in(self) -> None:
        """Wait until it answers, and take a token."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._send("GET", "/healthz", "application/json")
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        login = json.dumps({"email": EMAIL, "password": PASSWORD})
        kinds = {"Content-Type": "application/json", "Accept": "application/json"}
        self.connection.request("POST", "/auth/login", login, kinds)
        told = json.loads(self.connection.getresponse().read())
        self.headers = {"Authorization": f"Bearer {told['access_token']}"}
        self.database = psycopg2.connect(listening(self.folder)[1])
        self.database.autocommit = True

    def ask(self, path: str) -> Any:
        """Read JSON."""
        return json.loads(self._send("GET", path, "application/json"))

    def timed(self, path: str) -> tuple[float, int]:
        """How long a page takes, in milliseconds, and how many issues it shows.

        Raises RuntimeError for any answer but 200. Where the allowance of searches is spent, waits and asks again.
        """
        while True:
            self.database.cursor().execute(TOUCH)
            began = time.perf_counter()
            body = self._send("GET", path, "text/html")
            if not self.wait:
                break
            time.sleep(self.wait)
        return (time.perf_counter() - began) * 1000, len(ROW.findall(body))

    def stop(self) -> None:
        if self.database:
            self.database.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)

    def _send(self, method: str, path: str, accept: str) -> bytes:
        try:
            self.connection.request(method, path, headers={**self.headers, "Accept": accept})
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        self.wait = float(answer.getheader("Retry-After", 1)) if answer.status == 429 else 0.0
        if answer.status not in (200, 429):
            raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
        return body


@contextlib.contextmanager
def serving(folders: Sequence[str]) -> Iterator[list[Server]]:
    """Servers on all of the folders, which end with the block."""
    servers = [Server(folder) for folder in folders]
    try:
        for server in servers:
            server.log_in()
        yield servers
    finally:
        for server in servers:
            server.stop()


def measure(servers: Sequence[Server], rounds: int, wanted: str) -> bool:
    """Print a line for each page; returns whether all stay within their limits."""
    pages = [scenarios(server.ask) for server in servers]
    fine = True
    for each in zip(*pages, strict=True):
        if wanted not in each[0].name:
            continue
        medians, rows = _medians(servers, each, rounds)
        ratio, limit = medians[-1] / medians[0], each[0].limit
        held = "yes" if ratio <= limit else "**no**"
        if rows[0] != rows[-1]:
            held += f", {rows[0]} : {rows[-1]} rows"
        fine = fine and ratio <= limit
        shown = " | ".join(f"{median:.1f}" for median in medians)
        print(f"| {each[0].name} | {shown} | {ratio:.2f} | {limit} | {held} |", flush=True)
    return fine


def _medians(servers: Sequence[Server], each: Sequence[Scenario], rounds: int) -> tuple[list[float], list[int]]:
    """The median time of each server, and how many issues each one shows."""
    times: list[list[float]] = [[] for _ in servers]
    rows = [0 for _ in servers]
    for turn in range(-WARM_UPS, rounds):
        for at, (server, scenario) in enumerate(zip(servers, each, strict=True)):
            spent, rows[at] = server.timed(scenario.path)
            if turn >= 0:
                times[at].append(spent)
    return [statistics.median(own) for own in times], rows


def main() -> None:
    """Read the arguments and measure."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folders", nargs="+")
    reader.add_argument("--rounds", type=int, default=21)
    reader.add_argument("--only", default="", help="Pages whose names have this in them.")
    given = reader.parse_args()
    with serving([os.path.abspath(folder) for folder in given.folders]) as servers:
        names = [os.path.basename(folder.rstrip("/")) for folder in given.folders]
        print(f"| page | {' | '.join(names)} | last : first | limit | held |")
        print("|---" * (len(names) + 4) + "|")
        fine = measure(servers, given.rounds, given.only)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
