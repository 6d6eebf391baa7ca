"""What clients were told while something broke, beside what has become of it in the database.

Each issue has a title and an `Idempotency-Key` of its own. A 201 is an acknowledgement: the issue must be there, once.
What was not acknowledged may be there or not, but sent again under its key it must be there once, too.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from bench.crowd import Crowd
from tests.databases import connected
from tests.server import running
from tests.server.running import Person, Server

CREATED, CUT = 201, 0
# Seconds between two requests of a client. Without them a busy machine would have no time to recover.
PAUSE, AFTER_A_FAILURE = 0.05, 0.2
# Several times what tests of a server wait: what is tested has to start anew under load.
PATIENCE = 3 * running.PATIENCE


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, and what was heard of it; a status of `CUT` is a connection that ended without an answer."""

    title: str
    status: int
    began: float
    ended: float
    headers: Mapping[str, str]

    @property
    def is_acknowledged(self) -> bool:
        return self.status == CREATED


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of it all: the figures of a fault."""

    acknowledged: int
    failed: Counter[int]
    lost: int
    twice: int
    ghosts: int
    # Seconds: from the first request that failed to the last, and the longest that one was waited for.
    window: float
    longest: float

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {heard(self.failed)} failed, {self.lost} lost, {self.twice} twice, "
            f"{self.ghosts} ghosts, window {self.window:.1f} s, longest wait {self.longest:.1f} s"
        )


def heard(failed: Mapping[int, int]) -> str:
    """How often what was heard instead of an acknowledgement, in words."""
    words = {CUT: "cut"}
    return ", ".join(f"{many} × {words.get(status, status)}" for status, many in sorted(failed.items())) or "0"


class Ledger(Crowd):
    """Clients that go on opening issues within the block, as fast as they are answered."""

    def __init__(self, server: Server, by: Person, project: str, *, clients: int = 3, keep: bool = False) -> None:
        super().__init__(clients)
        self.sent: list[Sent] = []
        self._server, self._by, self._path, self._keep = server, by, f"{project}/issues", keep
        self._name = uuid4().hex[:8]

    @property
    def acknowledged(self) -> int:
        return sum(one.is_acknowledged for one in self.sent)

    def wait_for(self, more: int = 10) -> None:
        """Wait until so many more are acknowledged: the server works, again."""
        wanted = self.acknowledged + more
        wait(lambda: self.acknowledged >= wanted)

    def _go_on(self, _: int) -> None:
        connection = None
        while not self._over.is_set():
            connection = connection or HTTPConnection("127.0.0.1", self._server.port, timeout=PATIENCE)
            one = self._send(connection, f"{self._name} {uuid4()}")
            self.sent.append(one)
            if not (self._keep and one.is_acknowledged):
                connection.close()
                connection = None
            time.sleep(PAUSE if one.is_acknowledged else AFTER_A_FAILURE)

    def _send(self, connection: HTTPConnection, title: str) -> Sent:
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {self._by.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": title.replace(" ", "-"),
        }
        status, said, began = CUT, {}, time.monotonic()
        try:
            connection.request("POST", self._path, json.dumps({"title": title}), headers)
            response = connection.getresponse()
            response.read()
            status, said = response.status, dict(response.getheaders())
        except (OSError, HTTPException):
            connection.close()
        return Sent(title, status, began, time.monotonic(), said)

    def balance(self, database: str) -> Balance:
        """Compare with what is there now; the load is over."""
        there = self._there(database)
        acknowledged = {one.title for one in self.sent if one.is_acknowledged}
        failed = [one for one in self.sent if not one.is_acknowledged]
        return Balance(
            len(acknowledged),
            Counter(one.status for one in failed),
            lost=len(acknowledged - there.keys()),
            twice=sum(many > 1 for many in there.values()),
            ghosts=sum(one.title in there for one in failed),
            window=_window(failed),
            longest=max(one.ended - one.began for one in self.sent),
        )

    def send_again(self) -> None:
        """Send what was not acknowledged once more, under the key that it had, until it is."""
        with closing(HTTPConnection("127.0.0.1", self._server.port, timeout=PATIENCE)) as connection:
            for one in self.sent:
                if not one.is_acknowledged:
                    wait(partial(self._is_taken, connection, one.title))

    def _is_taken(self, connection: HTTPConnection, title: str) -> bool:
        return self._send(connection, title).is_acknowledged

    def is_whole(self, database: str) -> bool:
        """Whether all that was ever sent is there once."""
        return self._there(database) == Counter({one.title: 1 for one in self.sent})

    def refused_without_a_time(self) -> list[Sent]:
        """Those that were told to come again, but not when."""
        return [one for one in self.sent if one.status == 503 and "Retry-After" not in one.headers]

    def _there(self, database: str) -> Counter[str]:
        with closing(connected(database)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT title, count(*) FROM issues WHERE starts_with(title, %s) GROUP BY title", [self._name]
            )
            return Counter(dict(cursor.fetchall()))


def _window(failed: Sequence[Sent]) -> float:
    """From the first that failed to the last, in seconds."""
    return max(one.ended for one in failed) - min(one.began for one in failed) if failed else 0.0


def wait(until: Callable[[], Any]) -> None:
    """Look again and again whether it is so; what is broken takes longer."""
    running.wait(until, PATIENCE)


def wait_until_started(server: Server) -> None:
    """The same as the server's own, with more patience; raises RuntimeError with its log if it has ended."""
    wait(lambda: server.process.poll() is not None or (server.is_ready() and len(server.workers) >= 2))
    server.wait_until_ready()


def settle(ledger: Ledger, database: str, *, may: tuple[int, ...] = (503, CUT)) -> Balance:
    """The figures, after a check of what holds for each fault: nothing is lost or twice, neither now nor when what
    was not acknowledged is sent again. `may` is what clients may have heard.
    """
    balance = ledger.balance(database)
    assert (balance.lost, balance.twice) == (0, 0), balance
    assert balance.failed.keys() <= set(may), balance
    assert not ledger.refused_without_a_time()
    ledger.send_again()
    assert ledger.is_whole(database)
    return balance
