"""A collector of traces on this machine: takes what an exporter sends by HTTP, and reads it with the library's classes."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.server.running import PATIENCE


@dataclass(frozen=True)
class Span:
    """A span, with what its process said of itself."""

    name: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, Any]
    process: dict[str, Any]


@dataclass
class Collector:
    port: int = 0
    spans: list[Span] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, sent: bytes) -> None:
        self.raw.append(sent)
        for resource in ExportTraceServiceRequest.FromString(sent).resource_spans:
            process = told(resource.resource.attributes)
            for scope in resource.scope_spans:
                self.spans += [
                    Span(one.name, one.trace_id.hex(), one.span_id.hex(), one.parent_span_id.hex(),
                         told(one.attributes), process)
                    for one in scope.spans
                ]  # fmt: skip

    def named(self, name: str) -> list[Span]:
        return [one for one in self.spans if one.name == name]

    def within(self, span: Span) -> list[str]:
        """The names of what was begun within it."""
        return [one.name for one in self.spans if one.parent == span.id]

    def wait(self, is_so: Callable[[], Any]) -> Any:
        """What is true in the end: an exporter sends when it has time."""
        deadline = time.monotonic() + PATIENCE
        while not (found := is_so()):
            assert time.monotonic() < deadline, [one.name for one in self.spans]
            time.sleep(0.1)
        return found


def told(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                sent = gzip.decompress(sent)
            if self.path == "/v1/traces":
                collector.take(sent)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        collector.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield collector
        server.shutdown()
