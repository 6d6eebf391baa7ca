"""Clients that open issues, comment on them and change their titles through the balancer, until each is acknowledged.

They do what a careful program does: what is not answered, or answered by 502, 503 or 504, is sent again, with the
`Idempotency-Key` that it had. In the end each that was acknowledged must be there, once.
"""

import json
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from itertools import count, pairwise
from typing import Any
from uuid import uuid4

from bench.crowd import Crowd
from tests.faults.lab import Lab
from tests.faults.laid import ADDRESSES, FRONT, SITE
from tests.faults.ledger import CUT, PATIENCE, heard, wait

AGAIN = (CUT, 409, 502, 503, 504)
GONE = 404  # what was acknowledged is there no more
PAUSE, AFTER_A_FAILURE = 0.05, 0.3
# Seconds that a client waits for an answer.
LONGEST = 15
DONE = (200, 201)
PASSWORD = "what stands in no list of passwords"
UNVERIFIED = ssl._create_unverified_context()


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of it all."""

    acknowledged: int
    failed: Counter[int]
    lost: int
    twice: int
    # Seconds: the longest time without any acknowledgement, and the longest that one write was waited for.
    window: float
    longest: float

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {heard(self.failed)} tries failed, {self.lost} lost, {self.twice} twice, "
            f"window {self.window:.1f} s, longest wait {self.longest:.1f} s"
        )


class Caller:
    """One connection to the balancer, opened anew when it broke."""

    def __init__(self, lab: Lab, token: str = "") -> None:
        self._lab, self._token = lab, token
        self._connection: HTTPSConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, str]:
        headers = {"Host": SITE, "Accept": "application/json", "Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self._token}"} if self._token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        try:
            with self._lab.outside.inside():
                connection = self._connection = self._connection or opened()
                connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            self.close()
            return CUT, ""

    def insist(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, str]:
        """Ask until it is neither cut nor put off: a balancer needs a moment to see that hosts are back."""
        heard = CUT, ""

        def is_answered() -> bool:
            nonlocal heard
            heard = self.ask(method, path, body, key)
            return heard[0] not in AGAIN

        wait(is_answered)
        return heard

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def opened() -> HTTPSConnection:
    return HTTPSConnection(ADDRESSES[FRONT], 443, timeout=LONGEST, context=UNVERIFIED)


def log_in(lab: Lab, email: str) -> str:
    with closing(Caller(lab)) as caller:
        status, said = caller.insist("POST", "/auth/login", {"email": email, "password": PASSWORD})
    assert status == 200, said
    token: str = json.loads(said)["access_token"]
    return token


class Load(Crowd):
    """Clients that write within the block."""

    def __init__(self, lab: Lab, token: str, project: str, clients: int = 4) -> None:
        super().__init__(clients)
        self._lab, self._token, self._path = lab, token, f"{project}/issues"
        self._name = uuid4().hex[:8]
        self.acknowledged: list[tuple[float, str, str]] = []
        self.failed: Counter[int] = Counter()
        self.unexpected: list[tuple[int, str]] = []
        self.longest = 0.0

    def wait_for(self, more: int = 30) -> None:
        """Wait until so many more are acknowledged."""
        wanted = len(self.acknowledged) + more
        wait(lambda: len(self.acknowledged) >= wanted or self.unexpected)
        assert not self.unexpected, self.unexpected

    def _go_on(self, client: int) -> None:
        with closing(Caller(self._lab, self._token)) as caller:
            for number in count():
                if self._over.is_set() or self.unexpected:
                    return
                title = f"{self._name} {client} {number}"
                at = self._until_done(caller, "issue", title, "POST", self._path, {"title": title})
                if at is None:
                    continue
                self._until_done(caller, "comment", title, "POST", f"{at}/comments", {"body": title})
                self._until_done(caller, "title", f"{title} changed", "PATCH", at, {"title": f"{title} changed"})

    def _until_done(
        self, caller: Caller, kind: str, text: str, method: str, path: str, body: dict[str, str]
    ) -> str | None:
        """Send it until it is acknowledged; answers the number's address of an issue."""
        key = f"{kind} {text}".replace(" ", "-") if method == "POST" else ""
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            status, said = caller.ask(method, path, body, key)
            if status in DONE:
                self.acknowledged.append((time.monotonic(), kind, text))
                self.longest = max(self.longest, time.monotonic() - began)
                time.sleep(PAUSE)
                return f"{self._path}/{json.loads(said)['number']}" if kind == "issue" else ""
            self.failed[status] += 1
            if status == GONE:
                return None
            if status not in AGAIN:
                break
            time.sleep(AFTER_A_FAILURE)
        self.unexpected.append((status, said))
        return None

    def figures(self) -> Figures:
        """Compare with what is there now; the load is over."""
        there = Counter(self._there())
        acknowledged = {(kind, text) for _, kind, text in self.acknowledged}
        moments = sorted(at for at, _, _ in self.acknowledged)
        return Figures(
            len(acknowledged),
            self.failed,
            lost=len(acknowledged - there.keys()),
            twice=sum(many > 1 for many in there.values()),
            window=max(later - earlier for earlier, later in pairwise(moments)),
            longest=self.longest,
        )

    def _there(self) -> Iterator[tuple[str, str]]:
        for kind, statement in THERE.items():
            for text in self._lab.rows(statement, self._name):
                yield kind, text


# An issue is known by its events, as its title is changed later.
THERE = {
    "issue": "SELECT regexp_replace(title, ' changed$', '') FROM issues WHERE starts_with(title, %s)",
    "comment": "SELECT body FROM comments WHERE starts_with(body, %s)",
    "title": "SELECT data->>'new' FROM events WHERE kind = 'renamed' AND starts_with(data->>'new', %s)",
}
