"""One line a request: JSON in production, readable in development. Never a body, a token, a cookie."""

import logging
import os
import re
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from json import JSONEncoder
from typing import Any, TextIO

from flask import Flask, Response, g, has_request_context, request

from webapp.config import Settings
from webapp.http.application import asked, noted, put

log = logging.getLogger("cairn")
# Secrets that stand in addresses, also in those that somebody got wrong: whoever reads the log must not be able
# to use them. What is shorter than that opens nothing: the number of an invitation, say.
_SECRET = re.compile(
    r"(/(?:invitations|claims|mail/stop|hooks|auth/(?:reset|confirm|register|move|undo))/+)[^/]{16,}|(cairn_(?:feed|pat)_)[\w-]+",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"[\w-]{8,64}", re.ASCII)
_JSON = JSONEncoder(ensure_ascii=False, default=str)


class Lines(logging.Formatter):
    """What a line looks like, whether it is told by a record or, as most are, without one."""

    def format(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        fields = getattr(record, "fields", {})
        return self.line(record.created, record.levelname, record.getMessage(), _request_id(), fields, trace)

    def line(
        self, at: float, level: str, message: str, number: str, fields: Mapping[str, Any], trace: str = ""
    ) -> str:
        """The line of what was logged `at` (Unix seconds) within the request of this number."""
        raise NotImplementedError


class JsonLines(Lines):
    def line(
        self, at: float, level: str, message: str, number: str, fields: Mapping[str, Any], trace: str = ""
    ) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
            "level": level.lower(),
            "message": message,
            "request_id": number,
            **fields,
        }
        if trace:
            line["trace"] = trace
        return _JSON.encode(line)


class Readable(Lines):
    def line(
        self, at: float, level: str, message: str, number: str, fields: Mapping[str, Any], trace: str = ""
    ) -> str:
        # A path may hold line breaks once it is decoded; a log line must stay one line.
        escaped = message.encode("unicode_escape").decode()
        took = f"  {fields['ms']} ms" if "ms" in fields else ""
        line = f"{datetime.fromtimestamp(at, UTC):%H:%M:%S} {number[:8]} {escaped}{took}"
        if "trace" in fields:
            line = f"{line}\n{fields['trace'].rstrip()}"
        return f"{line}\n{trace}" if trace else line


class Output(logging.StreamHandler[TextIO]):
    """Where lines go. Those of requests come without a record: to make one costs most of a line."""

    def __init__(self, stream: TextIO, lines: Lines) -> None:
        super().__init__(stream)
        self.lines = lines
        self.setFormatter(lines)

    def write(self, message: str, number: str, fields: Mapping[str, Any]) -> None:
        """Write the line of a request. As with a record, an output that fails harms no answer."""
        self.acquire()
        try:
            self.stream.write(f"{self.lines.line(time.time(), 'INFO', message, number, fields)}\n")
            self.stream.flush()
        except (OSError, ValueError):
            self.handleError(logging.makeLogRecord({"msg": message}))
        finally:
            self.release()


def init_app(app: Flask, settings: Settings) -> None:
    log.handlers[:] = [Output(sys.stdout, JsonLines() if settings.is_production else Readable())]
    log.setLevel(logging.INFO)
    log.propagate = False
    behind_proxy = settings.trusted_proxies > 0
    app.before_request(lambda: _begin(behind_proxy))
    app.after_request(_end)


def bare(path: str) -> str:
    """The path of an address without the secret that may be a part of it."""
    return _SECRET.sub(r"\1\2…", path) if _SECRET.search(path) else path


def _begin(behind_proxy: bool) -> None:
    """Give the request its number; a proxy's own is taken over, a stranger's is not."""
    given = request.headers.get("X-Request-ID", "") if behind_proxy else ""
    noted().update(request_id=given if _GIVEN.fullmatch(given) else os.urandom(16).hex(), began=time.perf_counter())


def _end(response: Response) -> Response:
    known, sent = noted(), asked()
    if "began" not in known:  # a request that was refused before it began, for its Host
        return response
    put(response.headers, [("X-Request-ID", known["request_id"])])
    who = known.get("identity")
    fields = {
        "method": sent.method,
        "path": bare(sent.path),
        "endpoint": sent.endpoint,
        "status": response.status_code,
        "ms": round((time.perf_counter() - known["began"]) * 1000, 1),
        "user": who.viewer.id if who else None,
        "ip": sent.remote_addr,
    }
    _tell(f"{fields['method']} {fields['path']} {fields['status']}", known["request_id"], fields)
    return response


def _tell(message: str, number: str, fields: dict[str, Any]) -> None:
    """Write it past logging, unless somebody has come to listen there."""
    handlers = log.handlers
    if len(handlers) == 1 and isinstance(handlers[0], Output) and not log.propagate:
        if log.isEnabledFor(logging.INFO):
            handlers[0].write(message, number, fields)
    else:
        log.info("%s", message, extra={"fields": fields})


def _request_id() -> str:
    return g.get("request_id", "") if has_request_context() else ""
