"""People and programs who read and write while Cairn is deployed anew: what is felt of that is what they count.

A half of them opens a connection for each request, the others keep theirs. A request has failed if it was answered
otherwise than well, or not at all; a 503 of Cairn's own is told from one of the proxy's by its words.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from uuid import uuid4

from tests.faults.ledger import AFTER_A_FAILURE, CREATED, CUT, PATIENCE, Ledger, Sent, heard, wait
from tests.server.running import Person, Server

# Seconds between two requests of one client: as long as the answer took, within these. On a machine that is slow for all
# a server that starts needs time, too.
PAUSE, LONGEST_PAUSE = 0.01, 1.0
OK, UNAVAILABLE = 200, 503


class Visitors(Ledger):
    """Clients that in turn read a list and open an issue, within the block, through any door."""

    def __init__(
        self,
        server: Server,
        by: Person,
        project: str,
        *,
        door: Callable[[], HTTPConnection] | None = None,
        clients: int = 4,
        pause: float = PAUSE,
    ) -> None:
        super().__init__(server, by, project, clients=clients)
        self.reads: list[Sent] = []
        self._door = door or (lambda: HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE))
        self._order, self._pause = count(), pause

    @property
    def answered(self) -> int:
        """How many requests were answered well so far."""
        return sum(one.status in (OK, CREATED) for one in [*self.sent, *self.reads])

    @property
    def failed(self) -> Counter[int]:
        """How many were not, by what was heard; `CUT` is nothing."""
        return Counter(one.status for one in [*self.sent, *self.reads] if one.status not in (OK, CREATED))

    @property
    def longest(self) -> float:
        """Seconds that somebody waited who was answered."""
        return max(one.ended - one.began for one in [*self.sent, *self.reads])

    def be_answered(self, more: int) -> None:
        """Wait until so many more have been answered."""
        wanted = self.answered + more
        wait(lambda: self.answered >= wanted)

    def __str__(self) -> str:
        asked = len(self.sent) + len(self.reads)
        return f"{heard(self.failed)} of {asked} failed, the longest wait {self.longest:.1f} s"

    def _go_on(self, _: int) -> None:
        keeps, connection = next(self._order) % 2, None
        for turn in count():
            if self._over.is_set():
                break
            connection = connection or self._door()
            if turn % 2:
                self.reads.append(one := self._read(connection))
            else:
                self.sent.append(one := self._send(connection, f"{self._name} {uuid4()}"))
            is_well = one.status in (OK, CREATED)
            if not (keeps and is_well):
                connection.close()
                connection = None
            pause = min(max(self._pause, one.ended - one.began), LONGEST_PAUSE)
            time.sleep(pause if is_well else AFTER_A_FAILURE)

    def _read(self, connection: HTTPConnection) -> Sent:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self._by.token}"}
        status, said, began = CUT, {}, time.monotonic()
        with suppress(OSError, HTTPException):
            connection.request("GET", self._path, headers=headers)
            response = connection.getresponse()
            json.loads(response.read())
            status, said = response.status, dict(response.getheaders())
        return Sent("", status, began, time.monotonic(), said)
