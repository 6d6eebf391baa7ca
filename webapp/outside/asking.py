"""One request to a machine elsewhere: to the address that was checked, for so long and no longer.

No redirect is followed: it would lead past the check. Who wants to know where one leads asks there anew. What is
answered is read up to a bound.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from webapp.config.allowed import Allowed
from webapp.i18n import N_
from webapp.i18n.retelling import kept
from webapp.outside import guard
from webapp.outside.guard import Address, Target
from webapp.outside.patience import Cuttable

SECONDS = 5.0
MOST = 64 * 1024
# Of the answer's headers only these are told: they say nothing of who may see what there.
TOLD = ("content-type", "date", "location", "retry-after", "server")
LONGEST = 200
Said = TypeVar("Said")
LATE = kept(N_("%(host)s did not answer within %(seconds)s seconds."))
MORE = kept(N_("%(host)s answers with more than %(most)s bytes."))
OPEN = kept(N_("%(host)s cannot be spoken to in secret: %(why)s"))
STRANGE = kept(N_("%(host)s did not answer as a web server does."))
AWAY = kept(N_("%(host)s cannot be reached: %(why)s"))


class Failed(Exception):
    """There was no answer; the words say why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told of an answer: never what it says."""

    status: int
    headers: Mapping[str, str]

    @property
    def is_yes(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], allowed: Allowed) -> Answer:
    """Send something there. Raises Refused where it must not be sent, and Failed."""
    return _asked(url, allowed, time.monotonic() + SECONDS, lambda line: line.ask(body, headers))


def get(url: str, headers: Mapping[str, str], allowed: Allowed, *, end: float, most: int) -> tuple[Answer, bytes]:
    """What is there, with what it says; `end` is when one waits no longer, by the monotonic clock.

    Raises Refused where it must not be asked for, and Failed, also for what is longer than `most`.
    """
    return _asked(url, allowed, end, lambda line: line.fetch(headers, most))


def send(
    url: str, body: bytes, headers: Mapping[str, str], allowed: Allowed, *, end: float, most: int
) -> tuple[Answer, bytes]:
    """Send something there, and read what is said to it, as `get` does."""
    return _asked(url, allowed, end, lambda line: line.fetch(headers, most, body))


def _asked(url: str, allowed: Allowed, end: float, ask: Callable[["Line"], Said]) -> Said:
    wanted = guard.target(url)
    try:
        found = guard.addresses(wanted, allowed, end - time.monotonic())
    except guard.Unknown as error:
        raise Failed(str(error)) from None
    line = Line(wanted, found, end)
    try:
        with line.within(end - time.monotonic()):
            return ask(line)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Failed(_why(wanted.host, error, is_late=line.is_late)) from error
    finally:
        line.close()
        line.let_go()


class Line(Cuttable, http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, wanted: Target, found: Sequence[Address], end: float) -> None:
        super().__init__(wanted.host, wanted.port)
        self.wanted, self.found, self.end = wanted, found, end

    def connect(self) -> None:
        """The first of the addresses that takes it."""
        error: OSError = OSError("there is no address")
        for address in self.found:
            left = self.end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                self.sock = self.watch(socket.create_connection((str(address), self.wanted.port), left))
                break
            except OSError as failed:
                error = failed
        else:
            raise error
        if self.wanted.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.wanted.host)

    def ask(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send, and read the answer up to a bound."""
        answer = self._answered("POST", {"Content-Length": str(len(body)), **headers}, body)
        told = _told(answer)
        with suppress(OSError, http.client.HTTPException):
            answer.read(MOST)  # what was answered is known by now, whatever comes of the rest
        return told

    def fetch(self, headers: Mapping[str, str], most: int, body: bytes | None = None) -> tuple[Answer, bytes]:
        """Ask, or send something, and read all that is answered."""
        if body is None:
            answer = self._answered("GET", headers)
        else:
            answer = self._answered("POST", {"Content-Length": str(len(body)), **headers}, body)
        told, said = _told(answer), answer.read(most + 1)
        if self.is_late:  # what was cut looks as if it were whole
            raise TimeoutError
        if len(said) > most:
            raise Failed(MORE % {"host": self.wanted.host, "most": most})
        return told, said

    def _answered(
        self, method: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> http.client.HTTPResponse:
        """The beginning of the answer to a request with these headers, and those that each one has."""
        self.putrequest(method, self.wanted.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": self.wanted.host_header, "Connection": "close", **headers}.items():
            self.putheader(name, value)
        self.endheaders(body)
        return self.getresponse()


def _shown(said: str) -> str:
    """What anybody may have written, as a page and a database take it."""
    return "".join(one if one.isprintable() else "\ufffd" for one in said[:LONGEST])


def _told(answer: http.client.HTTPResponse) -> Answer:
    told = {name: _shown(said) for name in TOLD if (said := answer.getheader(name)) is not None}
    return Answer(answer.status, told)


def _why(host: str, error: Exception, *, is_late: bool) -> str:
    if is_late or isinstance(error, TimeoutError):
        return LATE % {"host": host, "seconds": round(SECONDS)}
    if isinstance(error, ssl.SSLError):
        return OPEN % {"host": host, "why": error.reason or error}
    if isinstance(error, http.client.HTTPException):
        return STRANGE % {"host": host}
    return AWAY % {"host": host, "why": getattr(error, "strerror", None) or error}
