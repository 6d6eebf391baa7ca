"""How a request is read and answered: by gunicorn's own rules, without asking again what cannot be otherwise here.

Whatever is out of the ordinary is left to gunicorn: names of headers that it has yet to find in order, values that
are not, bodies of which something is left or that go out in pieces.
"""

import re
from typing import Any

from gunicorn import util
from gunicorn.http.body import LengthReader
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import FileWrapper, Response, create
from gunicorn.workers.gthread import TConn, ThreadWorker

# So many names of headers are remembered; an application has some thirty.
NAMES = 200
# A first piece up to this size is copied to be sent with the head.
TOGETHER = 256 * 1024
_FORBIDDEN = re.compile(r"[^ \t\x21-\x7e\x80-\xff]")
_LENGTH = "Content-Length"


class Asked(Request):  # type: ignore[misc]
    """A request. Where nobody is believed about addresses, gunicorn need not look who asks."""

    def _peer_is_trusted_proxy(self) -> bool:
        return bool(self.cfg.forwarded_allow_ips and super()._peer_is_trusted_proxy())


class Reader(RequestParser):  # type: ignore[misc]
    """Reads the requests of a connection, one after the other."""

    mesg_class = Asked

    def finish_body(self, deadline: float | None = None, max_bytes: int | None = None) -> bool:
        """Read what is left of the last request's body; False if that cannot be done. Most have none."""
        body = self.mesg and self.mesg.body
        if body and not body.failed and type(body.reader) is LengthReader and not body.reader.length:
            return True
        return bool(super().finish_body(deadline, max_bytes))


class Answer(Response):  # type: ignore[misc]
    """An answer whose head goes out together with the first piece of its body."""

    headers_sent: bool
    # Names that go out as they are, whatever follows them.
    _in_order: set[str] = set()

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._waits, self._head = False, b""

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        """Take the application's headers. Raises what gunicorn does about those that are not one line each."""
        names = {name for name, _ in headers}
        if not names <= self._in_order or _FORBIDDEN.search("".join([value for _, value in headers])):
            super().process_headers(headers)
            self._learn(names)
            return
        self.headers, self.response_length = [(name, value.strip(" \t")) for name, value in headers], None
        if _LENGTH in names:
            self.response_length = int(dict(headers)[_LENGTH])

    def _learn(self, names: set[str]) -> None:
        for name in names:
            is_length = name.lower() == _LENGTH.lower()
            if len(self._in_order) < NAMES and not util.is_hoppish(name) and (name == _LENGTH or not is_length):
                self._in_order.add(name)

    def send_headers(self) -> None:
        """Send the head, unless the body's first piece is about to be."""
        if self.headers_sent:
            return
        lines = [f"{name}: {value}\r\n" for name, value in self.headers]
        self._head = "".join([*self.default_headers(), *lines, "\r\n"]).encode("latin-1")
        if not self._waits:
            self._send(b"")
        self.headers_sent = True

    def write(self, piece: bytes) -> None:
        """Send a piece of the body."""
        self._waits = not self.chunked and isinstance(piece, bytes)
        super().write(piece)
        if self._head:
            self._send(b"")

    def _emit_body(self, data: bytes) -> None:
        if self.chunked:
            super()._emit_body(data)
        else:
            self._send(data)

    def _send(self, data: bytes) -> None:
        head, self._head = self._head, b""
        if head and len(data) > TOGETHER:
            self.sock.sendall(head)
            head = b""
        self.sock.sendall(head + data if head else data)


class Answering(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, and what one does with a request that is there."""

    def init_process(self) -> None:
        # They do not change any more, and are read forty times a request.
        self.cfg.__dict__.update({name: one.get() for name, one in self.cfg.settings.items()})
        super().init_process()

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Have the application answer; whether the connection goes on. Raises what the application does.

        If that is after the answer has begun to be sent, it ends the connection. gunicorn's own log of requests and
        its hooks around each are left out: the application writes a line itself.
        """
        answer, environ = create(req, conn.sock, conn.client, conn.server, self.cfg, response_class=Answer)
        environ["wsgi.multithread"] = True
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        if not self.alive or not self.cfg.keepalive or len(self.keepalived_conns) >= self.max_keepalived:
            answer.force_close()
        try:
            self._answer(answer, environ)
        except OSError:
            raise
        except (Exception, SystemExit) as fault:
            if not answer.headers_sent:
                raise
            self.log.exception("Error handling request")
            util.close_graceful(conn.sock)
            raise StopIteration from fault
        return not answer.should_close()

    def _answer(self, answer: Answer, environ: dict[str, Any]) -> None:
        body = self.wsgi(environ, answer.start_response)
        try:
            if isinstance(body, FileWrapper):
                answer.write_file(body)
            else:
                for piece in body:
                    answer.write(piece)
            answer.close()
        finally:
            if hasattr(body, "close"):
                body.close()
