"""Answers are compressed for whom can read that: zstd before brotli before gzip."""

from flask import Flask, Request, Response
from flask_compress import Compress

from webapp.http.application import asked
from webapp.http.conditions import meet

ALGORITHMS = ["zstd", "br", "gzip"]
TYPES = [
    "text/html",
    "text/css",
    "text/javascript",
    "application/json",
    "image/svg+xml",
    "application/atom+xml",
    "text/calendar",
]


# What is joined at start: it does not change as long as this process runs.
JOINED = frozenset({"joined_css", "joined_js"})


def init_app(app: Flask) -> None:
    app.config.update(
        COMPRESS_MIMETYPES=TYPES,
        COMPRESS_ALGORITHM=ALGORITHMS,
        COMPRESS_STREAMS=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # below, where there is a condition
        COMPRESS_CACHE_KEY=_name,
        COMPRESS_CACHE_BACKEND=Unchanging,
    )
    Compression(app)


class Compression(Compress):
    """Flask-Compress, asked only where something may be compressed, and never twice about what does not change."""

    def after_request(self, response: Response | None) -> Response:
        environ = asked().environ
        if response is not None and "HTTP_ACCEPT_ENCODING" not in environ:
            return response  # all answers vary with that, see `headers`
        was_encoded = response is not None and "Content-Encoding" in response.headers
        answer: Response = super().after_request(response)
        is_compressed = not was_encoded and "Content-Encoding" in answer.headers
        if is_compressed:  # the tag has the algorithm's name now
            meet(answer, environ)
        return answer


class Unchanging:
    """The compressed bytes of what never changes; of all else, which has no name, nothing is kept."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        if not key.endswith(";"):
            self._kept[key] = value


def _name(request: Request) -> str:
    """What an answer's compressed bytes are kept under, after their algorithm and a semicolon."""
    return request.path if request.endpoint in JOINED else ""
