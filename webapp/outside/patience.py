"""An end to every wait for a machine elsewhere, which may also send a byte now and then."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


class Cuttable:
    """A connection that is cut when something takes too long, whoever has its socket by then.

    TLS takes a socket over, and `http.client` passes it on with the answer. So the wire is held by a duplicate.
    """

    is_late = False
    _wire: socket.socket | None = None

    def watch(self, connected: socket.socket) -> socket.socket:
        """Cut this one from now on. Raises TimeoutError if it is late already."""
        self._wire = connected.dup()
        if self.is_late:
            raise TimeoutError
        return connected

    def let_go(self) -> None:
        """Watch no longer; to be called once the connection is closed."""
        if self._wire is not None:
            self._wire.close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut it if this takes longer."""
        timer = Timer(max(seconds, 0), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.is_late = True
        with suppress(OSError):
            if self._wire is not None:
                self._wire.shutdown(socket.SHUT_RDWR)
