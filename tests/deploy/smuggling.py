"""Requests whose end two readers see in different places, and servers careless enough to fall for each.

Every request hides a second one, the canary, where it is a part of the body for whoever reads strictly. A server
that answers the canary has been talked into a request that nobody made: behind a proxy, its answer is another's.
"""

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

HOST = b"Host: cairn.test\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
SILENT = 0.7  # seconds without another byte: nothing more comes


def canary(name: str) -> bytes:
    return b"GET /canary-%s HTTP/1.1\r\n%s\r\n" % (name.encode(), HOST)


def cases() -> dict[str, bytes]:
    """Each request, whole, by a name that its canary's address has too."""
    made = {}
    for family in (_both, _lengths, _chunks, _lines):
        for name, parts in family().items():
            made[name] = b"".join(parts(canary(name)) if callable(parts) else parts)
    return made


def _post(*lines: bytes, version: bytes = b"HTTP/1.1") -> bytes:
    return b"POST /nowhere " + version + b"\r\n" + HOST + b"".join(lines) + b"\r\n"


def _length(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n" % len(body)


def _both() -> dict[str, Any]:
    """A length that covers the canary, and chunks that end before it, told in every way that one may not see."""
    ways = {
        "chunked": CHUNKED,
        "twice": CHUNKED + CHUNKED,
        "twice-odd": CHUNKED + b"Transfer-Encoding: identity\r\n",
        "xchunked": b"Transfer-Encoding: xchunked\r\n",
        "space-before-colon": b"Transfer-Encoding : chunked\r\n",
        "tab": b"Transfer-Encoding:\tchunked\r\n",
        "no-blank": b"Transfer-Encoding:chunked\r\n",
        "vertical-tab": b"Transfer-Encoding:\x0bchunked\r\n",
        "quoted": b'Transfer-Encoding: "chunked"\r\n',
        "upper": b"TRANSFER-ENCODING: CHUNKED\r\n",
        "identity-after": b"Transfer-Encoding: chunked, identity\r\n",
        "identity-before": b"Transfer-Encoding: identity, chunked\r\n",
        "gzip-before": b"Transfer-Encoding: gzip, chunked\r\n",
        "comma": b"Transfer-Encoding: ,chunked\r\n",
        "parameter": b"Transfer-Encoding: chunked;q=1\r\n",
        "folded-value": b"Transfer-Encoding:\r\n chunked\r\n",
        "folded-line": b"X-Other: y\r\n Transfer-Encoding: chunked\r\n",
        "first-line-folded": b" Transfer-Encoding: chunked\r\n",
        "bare-lf": b"X-Other: y\nTransfer-Encoding: chunked\r\n",
        "bare-cr": b"X-Other: y\rTransfer-Encoding: chunked\r\n",
        "nul-after": b"Transfer-Encoding: chunked\x00\r\n",
        "nul-before": b"Transfer-Encoding: \x00chunked\r\n",
        "nul-in-name": b"Transfer-\x00Encoding: chunked\r\n",
        "underscore": b"Transfer_Encoding: chunked\r\n",
        "broken-name": b"Transfer-Encoding\r\n: chunked\r\n",
        "high-byte": b"Transfer-Encoding: chunked\xff\r\n",
        "in-connection": b"Connection: Content-Length\r\n" + CHUNKED,
        "lf-ends-it": b"Transfer-Encoding: chunked\n",
    }
    found: dict[str, Any] = {
        f"te-{name}": lambda hidden, way=way: (_post(_length(b"0\r\n\r\n" + hidden), way), b"0\r\n\r\n", hidden)
        for name, way in ways.items()
    }
    found["te-before-length"] = lambda hidden: (
        _post(CHUNKED, _length(b"0\r\n\r\n" + hidden)), b"0\r\n\r\n", hidden,
    )  # fmt: skip
    found["te-in-1.0"] = lambda hidden: (
        _post(_length(b"0\r\n\r\n" + hidden), CHUNKED, b"Connection: keep-alive\r\n", version=b"HTTP/1.0"),
        b"0\r\n\r\n", hidden,
    )  # fmt: skip
    # The other way round: the chunk covers the canary, the length ends before it.
    found["te-covers"] = lambda hidden: (
        _post(b"Content-Length: 4\r\n", CHUNKED), b"%02x\r\n" % len(hidden), hidden, b"\r\n0\r\n\r\n",
    )  # fmt: skip
    return found


def _lengths() -> dict[str, Any]:
    """Two lengths, or one that only some can read: four bytes of a body, and then the canary."""
    ways = {
        "two": b"Content-Length: 4\r\nContent-Length: %d\r\n",
        "two-turned": b"Content-Length: %d\r\nContent-Length: 4\r\n",
        "list": b"Content-Length: 4, %d\r\n",
        "list-turned": b"Content-Length: %d, 4\r\n",
        "underscore": b"Content-Length: %d\r\nContent_Length: 4\r\n",
        "space-before-colon": b"Content-Length: %d\r\nContent-Length : 4\r\n",
        "bare-lf": b"Content-Length: %d\r\nX-Other: y\nContent-Length: 4\r\n",
        "bare-cr": b"Content-Length: %d\r\nX-Other: y\rContent-Length: 4\r\n",
        "folded": b"Content-Length: %d\r\nX-Other: y\r\n Content-Length: 4\r\n",
        "folded-value": b"Content-Length:\r\n 4\r\nX-Length: %d\r\n",
        "plus": b"Content-Length: +4\r\nX-Length: %d\r\n",
        "low-line": b"Content-Length: 0_4\r\nX-Length: %d\r\n",
        "hexadecimal": b"Content-Length: 0x4\r\nX-Length: %d\r\n",
        "point": b"Content-Length: 4.0\r\nX-Length: %d\r\n",
        "exponent": b"Content-Length: 4e0\r\nX-Length: %d\r\n",
        "negative": b"Content-Length: -4\r\nX-Length: %d\r\n",
        "letters": b"Content-Length: 4 x\r\nX-Length: %d\r\n",
        "arabic": "Content-Length: \u0664\r\nX-Length: %d\r\n".encode(),
        "superscript": b"Content-Length: \xb2\xb2\r\nX-Length: %d\r\n",
        "nul": b"Content-Length: 4\x00\r\nX-Length: %d\r\n",
        "vertical-tab": b"Content-Length: \x0b4\r\nX-Length: %d\r\n",
        "quoted": b'Content-Length: "4"\r\nX-Length: %d\r\n',
        "empty": b"Content-Length:\r\nX-Length: %d\r\n",
    }
    return {
        f"length-{name}": lambda hidden, way=way: (_post(way % (len(hidden) + 4)), b"abcd", hidden)
        for name, way in ways.items()
    }


def _chunks() -> dict[str, Any]:
    """Sizes and ends of chunks that strict readers refuse, and the canary behind what lenient ones take for the last."""
    last = b"0\r\n\r\n"
    ways = {
        "hexadecimal": b"0x3\r\nabc\r\n",
        "negative": b"-1\r\nabc\r\n",
        "plus": b"+3\r\nabc\r\n",
        "low-line": b"0_3\r\nabc\r\n",
        "blank-before": b" 3\r\nabc\r\n",
        "blank-after": b"3 \r\nabc\r\n",
        "overflow": b"f" * 16 + b"3\r\nabc\r\n",
        "bare-lf-size": b"3\nabc\r\n",
        "bare-cr-size": b"3\rabc\r\n",
        "bare-lf-data": b"3\r\nabc\n",
        "no-end-of-data": b"3\r\nabc",
        "other-end-of-data": b"3\r\nabcXX",
        "empty-size": b"\r\nabc\r\n",
        "nul": b"3\x00\r\nabc\r\n",
        "extension-lf": b"3;a=b\nabc\r\n",
        "extension-cr": b"3;a\rb\r\nabc\r\n",
        "extension-nul": b"3;\x00\r\nabc\r\n",
    }
    refused: dict[str, Any] = {
        f"chunk-{name}": lambda hidden, way=way: (_post(CHUNKED), way, last, hidden) for name, way in ways.items()
    }
    # Read rightly, the canary is data of a chunk, or what follows the last one.
    covered = {
        "extension": b"%x;name=value\r\n%s\r\n0\r\n\r\n",
        "extension-quoted": b'%x;name="a;b"\r\n%s\r\n0\r\n\r\n',
        "extension-like-an-end": b"%x;0\r\n%s\r\n0\r\n\r\n",
        "extension-lf-covers": b"%x;\n0\r\n\r\n%s\r\n0\r\n\r\n",
        "forty-digits": b"%040x\r\n%s\r\n0\r\n\r\n",
        "upper": b"%X\r\n%s\r\n0\r\n\r\n",
    }
    for name, way in covered.items():
        refused[f"chunk-{name}"] = lambda hidden, way=way: (_post(CHUNKED), way % (len(hidden), hidden))
    refused["chunk-trailer-lf"] = lambda hidden: (_post(CHUNKED), b"0\r\nX: y\n\n", hidden)
    refused["chunk-trailer-folded"] = lambda hidden: (_post(CHUNKED), b"0\r\nX: y\r\n z\r\n\n", hidden)
    refused["chunk-trailer-length"] = lambda hidden: (_post(CHUNKED), b"0\r\n", _length(hidden), b"\n", hidden)
    return refused


def _lines() -> dict[str, Any]:
    """First lines, versions and other lines that change how the rest is read."""
    whole = lambda line: lambda hidden: (line, b"\r\n", HOST, _length(hidden), b"\r\n", hidden)  # noqa: E731
    extra = lambda lines: lambda hidden: (_post(lines, _length(hidden)), hidden)  # noqa: E731
    return {
        "line-get-with-body": whole(b"GET /nowhere HTTP/1.1"),
        "line-head-with-body": whole(b"HEAD /nowhere HTTP/1.1"),
        "line-options-with-body": whole(b"OPTIONS /nowhere HTTP/1.1"),
        "line-static-with-body": whole(b"GET /static/none.css HTTP/1.1"),
        "line-healthz-with-body": whole(b"POST /healthz HTTP/1.1"),
        "line-two-versions": whole(b"POST /nowhere HTTP/1.1 HTTP/1.1"),
        "line-no-version": whole(b"POST /nowhere"),
        "line-version-2": whole(b"POST /nowhere HTTP/2.0"),
        "line-version-1.9": whole(b"POST /nowhere HTTP/1.9"),
        "line-version-long": whole(b"POST /nowhere HTTP/1.10"),
        "line-absolute": whole(b"POST http://cairn.test/nowhere HTTP/1.1"),
        "line-tabs": whole(b"POST\t/nowhere\tHTTP/1.1"),
        "line-nul": whole(b"POST /now\x00here HTTP/1.1"),
        "line-bare-cr": whole(b"POST /nowhere HTTP/1.1\rX: y"),
        "line-empty-before": whole(b"\r\n\r\nPOST /nowhere HTTP/1.1"),
        "line-expect": extra(b"Expect: 100-continue\r\n"),
        "line-expect-odd": extra(b"Expect: 100-continue, x\r\n"),
        "line-expect-y": extra(b"Expect: y 100-continue\r\n"),
        "line-upgrade": extra(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"),
        "line-length-is-hop": extra(b"Connection: keep-alive, Content-Length\r\n"),
        "line-two-hosts": extra(b"Host: cairn.test\r\n"),
        "line-method-override": extra(b"X-HTTP-Method-Override: GET\r\n"),
        "line-nameless": extra(b": y\r\n"),
        "line-without-colon": extra(b"Nothing\r\n"),
    }  # fmt: skip


def tell(link: socket.socket, request: bytes) -> bytes:
    """Send a request as it is, and all that is answered until there is silence."""
    link.settimeout(SILENT)
    answer = b""
    with suppress(OSError):
        link.sendall(request)
        while part := link.recv(65536):
            answer += part
    return answer


def answers(told: bytes) -> int:
    """How many final answers these bytes hold."""
    return len(re.findall(rb"HTTP/1\.[01] [2-5]\d\d [A-Z]", told))


@dataclass
class Careless(socketserver.ThreadingTCPServer):
    """A server that reads what it can make sense of, and answers one request after the other.

    `chunks`: a word about chunks counts more than a length. `last`: of two lengths, the last one counts. `bodies`:
    there are such; else whatever looks like the first line of a request is one.
    """

    chunks: bool = True
    last: bool = False
    bodies: bool = True
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Reader)

    allow_reuse_address = True
    daemon_threads = True
    __hash__ = object.__hash__

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Reader(socketserver.StreamRequestHandler):
    """One connection of a careless server."""

    def handle(self) -> None:
        self.rules = cast(Careless, self.server)
        self.connection.settimeout(SILENT / 2)
        with suppress(OSError, ValueError, IndexError):
            while self._answer():
                pass

    def _answer(self) -> bool:
        first, lines = self._head()
        if not first:
            return not self.rules.bodies and bool(lines)
        path = first.replace(b"\t", b" ").split(b" ")[1]
        self.rules.asked.append(path.decode("latin-1"))
        with suppress(ValueError, OverflowError):
            self._skip_body(lines)
        said = b"You asked for " + path
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + _length(said) + b"\r\n" + said)
        return True

    def _head(self) -> tuple[bytes, list[tuple[bytes, bytes]]]:
        """The first line, and the names and values of the others, however they are separated."""
        lines = self._lines()
        pairs = [line.lower().replace(b"_", b"-").replace(b"\0", b"").partition(b":") for line in lines[1:]]
        first = (lines or [b""])[0] if self.rules.bodies else next((one for one in lines if b" HTTP/" in one), b"")
        return first, [(name.strip(), value.strip(b' \t\x0b"\0')) for name, _, value in pairs]

    def _lines(self) -> list[bytes]:
        lines: list[bytes] = []
        while (line := self.rfile.readline(65536)).strip() or (line and not lines):  # blank ones may stand before
            if line.startswith(b" chunked") and lines:  # the value of the line before
                line = lines.pop().rstrip() + line
            lines += [part for part in line.replace(b"\r", b"\n").split(b"\n") if part.strip()]
        return lines

    def _skip_body(self, lines: list[tuple[bytes, bytes]]) -> None:
        """Read the body as these lines tell of it; ValueError or OverflowError if that makes no sense."""
        coding = b" ".join(name + value for name, value in lines if name in (b"transfer-encoding", b"", b"chunked"))
        if not self.rules.bodies:
            return
        if self.rules.chunks and b"chunked" in coding:
            while self._skip_chunk():
                pass
        else:
            self._skip_length([value for name, value in lines if name == b"content-length"])

    def _skip_length(self, told: list[bytes]) -> None:
        lengths = b",".join(told).split(b",") if told else []
        if lengths:
            self.rfile.read(lenient(lengths[-1 if self.rules.last else 0]))

    def _skip_chunk(self) -> bool:
        size = lenient(self.rfile.readline(65536).partition(b";")[0], 16)
        if size > 0:
            self.rfile.read(size)
        self.rfile.readline(65536)
        return size > 0


def lenient(digits: bytes, base: int = 10) -> int:
    """A number as a careless parser reads one, which takes what Python takes."""
    return int(digits.decode("latin-1").strip(" \0\r\n\t\x0b"), base)


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[Any]:
    """Let a server answer for as long as the block takes."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
