"""One line a request: JSON in production, readable in development. Never a body, a token, a cookie."""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, has_request_context, request

from webapp.config import Settings

log = logging.getLogger("cairn")
# Secrets that stand in addresses, also in those that somebody got wrong: whoever reads the log must not be able
# to use them. What is shorter than that opens nothing: the number of an invitation, say.
_SECRET = re.compile(r"(/invitations/+)[^/]{16,}|(cairn_feed_)[\w-]+", re.IGNORECASE)
_GIVEN = re.compile(r"[\w-]{8,64}", re.ASCII)


def init_app(app: Flask, settings: Settings) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines() if settings.is_production else Readable())
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
    behind_proxy = settings.trusted_proxies > 0
    app.before_request(lambda: _begin(behind_proxy))
    app.after_request(_end)


def _begin(behind_proxy: bool) -> None:
    """Give the request its number; a proxy's own is taken over, a stranger's is not."""
    given = request.headers.get("X-Request-ID", "") if behind_proxy else ""
    g.request_id = given if _GIVEN.fullmatch(given) else uuid4().hex
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if "began" not in g:  # a request that was refused before it began, for its Host
        return response
    response.headers["X-Request-ID"] = g.request_id
    found = g.get("identity")
    path = _SECRET.sub(r"\1\2…", request.path)
    log.info(
        "%s %s %s",
        request.method,
        path,
        response.status_code,
        extra={
            "fields": {
                "method": request.method,
                "path": path,
                "endpoint": request.endpoint,
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.began) * 1000, 1),
                "user": found.viewer.id if found else None,
                "ip": request.remote_addr,
            }
        },
    )
    return response


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "request_id": _request_id(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Readable(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        # A path may hold line breaks once it is decoded; a log line must stay one line.
        told = record.getMessage().encode("unicode_escape").decode()
        took = f"  {fields['ms']} ms" if "ms" in fields else ""
        line = f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%S} {_request_id()[:8]} {told}{took}"
        if "trace" in fields:
            line = f"{line}\n{fields['trace'].rstrip()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _request_id() -> str:
    return g.get("request_id", "") if has_request_context() else ""
