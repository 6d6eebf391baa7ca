"""The two ends of a connection: what a client has sent so far, and how long it may be silent."""

import errno
import re
import socket
from collections.abc import Callable
from typing import Any, TypeVar

# Seconds. A request has to be here whole after so many, or another piece of it: a slow line sends a kilobyte
# meanwhile. What a thread waits for must go on after so many.
PATIENCE = 10.0
PIECE = 1024
SENDING = 30.0
# What is collected without a thread. Larger bodies are files, which a thread reads into one as they come.
COLLECTED = 64 * 1024
Sent = TypeVar("Sent")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_STREAMED = re.compile(rb"\r\n(?:expect|transfer-encoding):", re.IGNORECASE)


class Caller(socket.socket):
    """A client's socket: hands out what was collected first, and waits for nobody without end.

    `refusal` tells the application that there is no room: "" is none, "form" lets it ask the database for the
    form that is shown again, "still" must do without. `waits` tells the loop that its thread waits for the client.
    `is_leaving` tells the application that its worker has been asked to stop.
    """

    early = b""
    refusal = ""
    waits = False
    is_leaving = False

    def setblocking(self, flag: bool) -> None:
        """Wait for nobody from now on, but where that is said: nearly always all is there, and is taken at once."""
        if self.gettimeout() != 0.0:
            self.settimeout(0.0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """The next bytes; who is silent for too long has hung up."""
        if self.early:
            part, self.early = self.early[:size], self.early[size:]
            return part
        bound = self.gettimeout()  # gunicorn's, where it has one
        self.settimeout(bound or PATIENCE)
        self.waits = True
        try:
            part = super().recv(size, flags)
        except TimeoutError:
            self.shutdown(socket.SHUT_RD)
            return b""
        finally:
            self.waits = False
        self.settimeout(bound)
        return part

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all of it: most fits into what the system holds for the client."""
        if self.gettimeout() == 0.0:
            try:
                sent = self.send(data, flags)
            except BlockingIOError:
                sent = 0
            if sent == len(data):
                return
            data = memoryview(data)[sent:]
        self._patiently(super().sendall, data, flags)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        return self._patiently(super().sendfile, file, offset, count)

    def _patiently(self, send: Callable[..., Sent], *given: Any) -> Sent:
        """Send. Raises ConnectionResetError, which gunicorn expects, once the client reads no more."""
        self.settimeout(SENDING)
        self.waits = True
        try:
            sent = send(*given)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "reads too slowly") from error
        finally:
            self.waits = False
        self.settimeout(0.0)
        return sent

    def collect(self) -> bool | None:
        """Take what has come without waiting: whether the request is whole; None once the client has gone."""
        if is_whole(self.early):  # it came along with the one before
            return True
        try:
            part = super().recv(COLLECTED)
        except BlockingIOError:
            return False
        except OSError:
            return None
        self.early += part
        return is_whole(self.early) if part else None

    def hang_up(self) -> bool:
        """Tell the client that nothing more comes; False if it has gone."""
        try:
            self.setblocking(False)
            self.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        return True

    def ignore(self) -> bool:
        """Throw away what has come without waiting; False once the client has gone."""
        try:
            return bool(super().recv(COLLECTED))
        except BlockingIOError:
            return True
        except OSError:
            return False


def is_whole(text: bytes) -> bool:
    """Whether a thread can read this request without waiting, or has to because it is long."""
    end = text.find(b"\r\n\r\n")
    if end < 0:
        return len(text) >= COLLECTED
    head = text[: end + 2]
    length = _LENGTH.search(head)
    if length is None or _STREAMED.search(head):
        return True
    return len(text) >= min(end + 4 + int(length[1]), COLLECTED)
