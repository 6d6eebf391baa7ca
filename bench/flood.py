"""What a flood of logins does to others: `python -m bench flood http://localhost:8000 /projects/DEMO/issues`.

Ten times a second somebody asks for a page that needs no login: first with nobody else there, then beside twenty
clients that try passwords as fast as they are answered, then alone again, which shows what the machine itself did
meanwhile. Each try names another account and comes from another network, so that what it costs is not kept down by
the waits of one of them; the server has to believe them (TRUSTED_PROXIES=1).
"""

import argparse
import http.client
import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from statistics import quantiles
from urllib.parse import urlsplit

from bench.crowd import Crowd

CLIENTS, PAGES_A_SECOND = 20, 10
WORSE = 5  # times as long as without a flood is the most that 95 of 100 pages may take


class Flood(Crowd):
    """Clients that try passwords from when it is entered until it is left; `told` counts their answers."""

    def __init__(self, host: str) -> None:
        super().__init__(CLIENTS)
        self.host, self.told = host, Counter[int]()

    def _go_on(self, _: int) -> None:
        while not self._over.is_set():
            somewhere = ".".join(str(random.randint(1, 254)) for _ in range(4))  # noqa: S311
            typed = {"email": f"{somewhere}@example.com", "password": "not the right one"}
            headers = {"Content-Type": "application/json", "X-Forwarded-For": somewhere}
            try:
                self.told[_status(self.host, "POST", "/auth/login", json.dumps(typed), headers)] += 1
            except (OSError, http.client.HTTPException):
                self.told[0] += 1


def pages(host: str, path: str, seconds: float) -> tuple[list[float], int]:
    """How many milliseconds each page took since it was due, and how many failed."""
    began, took, failed = time.monotonic(), [], 0

    def look(number: int) -> tuple[float, bool]:
        due = began + number / PAGES_A_SECOND
        time.sleep(max(0, due - time.monotonic()))
        try:
            status = _status(host, "GET", path, None, {"Accept": "text/html"})
        except (OSError, http.client.HTTPException):
            status = 0
        return (time.monotonic() - due) * 1000, status == 200

    with ThreadPoolExecutor(PAGES_A_SECOND) as threads:
        for milliseconds, is_there in threads.map(look, range(int(seconds * PAGES_A_SECOND))):
            took.append(milliseconds)
            failed += not is_there
    return took, failed


def _status(host: str, method: str, path: str, body: str | None, headers: dict[str, str]) -> int:
    with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.status


def main() -> None:
    """Print a row for each of the three, and whether the limit holds."""
    parser = argparse.ArgumentParser(description="What a flood of logins does to the pages of others.")
    parser.add_argument("url")
    parser.add_argument("path", help="a page that needs no login")
    parser.add_argument("--seconds", type=float, default=12)
    asked = parser.parse_args()
    host = urlsplit(asked.url).netloc
    pages(host, asked.path, 2)  # what a process keeps is there
    if (status := _status(host, "GET", asked.path, None, {"Accept": "text/html"})) != 200:
        parser.error(f"nobody who is not logged in sees {asked.path}: {status}")
    print("| | p50 ms | p95 ms | longest | failed |\n|---|---|---|---|---|")
    quiet = _row("quiet", *pages(host, asked.path, asked.seconds))
    with Flood(host) as flood:
        beside = _row("beside the flood", *pages(host, asked.path, asked.seconds))
    _row("quiet again", *pages(host, asked.path, asked.seconds))
    told = ", ".join(f"{status}: {count / asked.seconds:.0f}" for status, count in sorted(flood.told.items()))
    print(f"\nAnswers to logins a second, by status: {told}.")
    print(f"p95 is {beside / quiet:.1f} times as long; the limit is {WORSE}.")


def _row(name: str, took: list[float], failed: int) -> float:
    cut = quantiles(took, n=20)
    print(f"| {name} | {cut[9]:.0f} | {cut[18]:.0f} | {max(took):.0f} | {failed} |")
    return cut[18]
