"""Traces for OpenTelemetry: what a request, a job or a sent thing took, and which statements; nothing, unless wanted.

Where OTEL_EXPORTER_OTLP_ENDPOINT is unset nothing of the library is loaded. What is told is chosen by hand: routes
and not addresses, kinds of statements and not their values, hosts and not paths, people by number. So nothing that
opens a door, or that somebody has written, leaves this installation that way.
"""

import atexit
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Value = str | int
NAME = "OTEL_SERVICE_NAME"
# Seconds that a collector may take to answer, and that a process which ends has for all that it has not sent.
PATIENCE = 2
INSTALL = (
    "cairn: OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed: "
    "pip install --no-deps --require-hashes -r requirements-otel.txt"
)
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?\"?([a-z_]\w*)", re.IGNORECASE | re.ASCII)
_NAMED = re.compile(r"\s*(PREPARE|EXECUTE|DEALLOCATE)\s+(\w+)", re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"[A-Za-z]+", re.ASCII)


class Tracing:
    """Makes spans and sends them, in a thread of each process that has begun one."""

    def __init__(self, endpoint: str) -> None:
        from opentelemetry import context, trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self.kinds = trace.SpanKind
        self._api, self._context = trace, context
        self._exporter, self._endpoint = OTLPSpanExporter, endpoint
        self._propagator = TraceContextTextMapPropagator()
        self._lock = Lock()
        self._provider: TracerProvider | None = None
        self._tracer: Tracer | None = None

    def start(self) -> "Tracer":
        """The tracer of this process. Its thread would not come along with a fork, so it is begun after that."""
        with self._lock:
            if self._tracer is None:
                from opentelemetry.sdk.resources import Resource
                from opentelemetry.sdk.trace import TracerProvider
                from opentelemetry.sdk.trace.export import BatchSpanProcessor

                told = {} if os.environ.get(NAME) else {"service.name": "cairn"}
                resource = Resource.create({**told, "process.pid": os.getpid()})
                exporter = self._exporter(f"{self._endpoint.rstrip('/')}/v1/traces", timeout=PATIENCE)
                sending = BatchSpanProcessor(exporter)
                self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
                self._provider.add_span_processor(sending)
                # What the provider does at exit waits half a minute for a collector that is away, and takes no time
                # to keep to; this does. It is what `sending.shutdown` calls.
                atexit.register(sending._batch_processor.shutdown, PATIENCE * 1000)
                self._tracer = self._provider.get_tracer("cairn")
            return self._tracer

    def begin(self, name: str, kind: Any, attributes: Mapping[str, Value], parent: "Context | None" = None) -> "Span":
        """A span that ends when its caller says so, within the one that is open here if there is no other parent."""
        return (self._tracer or self.start()).start_span(name, parent, kind, attributes)

    def open(self, span: "Span") -> Any:
        """Let what is begun in this thread from here on be within it; returns what `close` needs."""
        return self._context.attach(self._api.set_span_in_context(span))

    def close(self, token: Any) -> None:
        self._context.detach(token)

    def failed(self, span: "Span", kind: str) -> None:
        """Mark it as failed, by a kind of error: an error's own words may quote what somebody typed."""
        span.set_attribute("error.type", kind)
        span.set_status(self._api.StatusCode.ERROR)

    def parent(self, told: str) -> "Context":
        """What a `traceparent` says; one that says nothing begins a trace of its own."""
        return self._propagator.extract({"traceparent": told})

    def is_within(self) -> bool:
        """Whether a span is open in this thread: what belongs to nothing is not traced."""
        return bool(self._api.get_current_span().is_recording())


# What traces here, if anything does.
tracing: Tracing | None = None


def begin(endpoint: str) -> Tracing:
    """Trace from here on, in this process and in those that it forks. Exits where the library is not installed."""
    global tracing
    try:
        tracing = Tracing(endpoint)
    except ImportError:
        sys.exit(INSTALL)
    return tracing


def end() -> None:
    """Trace no more."""
    global tracing
    tracing = None


def start() -> None:
    """Begin to send, in a process that will be asked at once."""
    if tracing is not None:
        tracing.start()


@contextmanager
def span(name: str, kind: str, **attributes: Value) -> "Iterator[Span | None]":
    """The span of the block; None where nothing is traced. An underscore in a name stands for a full stop."""
    if tracing is None:
        yield None
        return
    here = tracing
    named = {key.replace("_", "."): value for key, value in attributes.items()}
    made = here.begin(name, here.kinds[kind], named)
    token = here.open(made)
    try:
        yield made
    except BaseException as error:
        here.failed(made, type(error).__name__)
        raise
    finally:
        here.close(token)
        made.end()


@contextmanager
def statement(query: Any) -> Iterator[None]:
    """The span of a statement, within that of whatever asks; by its kind, without its values."""
    here = tracing
    if here is None or not here.is_within():
        yield
        return
    made = here.begin(_summary(query), here.kinds.CLIENT, {"db.system.name": "postgresql"})
    try:
        yield
    except BaseException as error:
        here.failed(made, getattr(error, "pgcode", None) or type(error).__name__)
        raise
    finally:
        made.end()


# By the names under which statements are prepared, which say nothing to a reader.
_prepared: dict[str, str] = {}


def _summary(query: Any) -> str:
    return _summed(query.decode(errors="replace") if isinstance(query, bytes) else str(query))


@lru_cache(maxsize=2048)
def _summed(query: str) -> str:
    """What kind of statement it is, and of which table first: `SELECT issues`."""
    if named := _NAMED.match(query):
        word, name = named[1].upper(), named[2]
        if word == "PREPARE":
            _prepared[name] = _kind(query.partition(" AS ")[2])
        return f"{_prepared[name]} {name}" if word == "EXECUTE" and name in _prepared else f"{word} {name}"
    return _kind(query)


def _kind(query: str) -> str:
    word, table = _WORD.search(query), _TABLE.search(query)
    return f"{word[0].upper() if word else 'STATEMENT'} {table[1] if table else ''}".strip()
