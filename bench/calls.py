"""Counts what noise cannot move: calls of functions, and statements, of an answer within this process.

Run as a program it counts for the code in whose folder it runs, of whatever age: `python -P …/bench/calls.py DSN`
reads what to ask from its standard input and writes what it counted. It must not import anything else of `bench`.
"""

import cProfile
import io
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from types import CodeType
from typing import Any
from urllib.parse import urlsplit

import psycopg2

# psycopg2 is written in C: its cursors' method is told under this name, or that of a class which has its own.
EXECUTE = re.compile(r"<(method 'execute' of 'psycopg2|function \w+\.execute )")
# What sends COMMIT or ROLLBACK in that way: neither is counted, as little as where psycopg2 sends them itself.
ENDING = "_end_begun"


@dataclass(frozen=True, slots=True)
class Counted:
    """Calls of Python's and C's functions as cProfile counts them, and statements that went to PostgreSQL."""

    calls: int
    statements: int
    status: int


def counted(app: Callable[..., Any], request: dict[str, Any]) -> Counted:
    """Let a WSGI application answer one request: `path, method, headers, body`."""
    environ, told = environ_of(request), []
    profile = cProfile.Profile()
    profile.enable()
    parts = app(environ, lambda status, headers, *_: told.append(status))
    for _ in parts:
        pass
    if hasattr(parts, "close"):
        parts.close()
    profile.disable()
    entries = profile.getstats()
    sent = sum(one.callcount for one in entries if not isinstance(one.code, CodeType) and EXECUTE.match(one.code))
    ended = sum(one.callcount for one in entries if isinstance(one.code, CodeType) and one.code.co_name == ENDING)
    return Counted(sum(one.callcount for one in entries), sent - ended, int(told[0].split()[0]))


def environ_of(request: dict[str, Any]) -> dict[str, Any]:
    """A request as the server of an application hands it on."""
    parts, body = urlsplit(request["path"]), (request.get("body") or "").encode()
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request["headers"].items()}
    return {
        "REQUEST_METHOD": request.get("method", "GET"), "SCRIPT_NAME": "", "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query, "RAW_URI": request["path"], "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""), "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True, "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False, **headers,
    }  # fmt: skip


def least(app: Callable[..., Any], requests: Sequence[dict[str, Any]], change: Callable[[], None]) -> Counted:
    """The least of several answers, with a change before each: caches that fill now and then are no part of it."""
    rounds = []
    for request in requests:
        change()
        rounds.append(counted(app, request))
    return min(rounds, key=lambda one: one.calls)


def main() -> None:
    """Ask what is asked for, and tell what each took."""
    output, sys.stdout = sys.stdout, sys.stderr  # where the application writes a line a request
    from webapp import create_app

    app = create_app()
    database = psycopg2.connect(sys.argv[1])
    database.autocommit = True

    def run(statement: str) -> None:
        if statement:
            database.cursor().execute(statement)

    told = {}
    for look in json.load(sys.stdin):
        run(look["before"])
        told[look["name"]] = asdict(least(app, look["requests"], lambda before=look["before"]: run(before)))  # type: ignore[misc]
    json.dump(told, output)


if __name__ == "__main__":
    main()
