"""Answers are compressed for whom can read that: zstd before brotli before gzip."""

from flask import Flask, Response
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


def init_app(app: Flask) -> None:
    app.config.update(
        COMPRESS_MIMETYPES=TYPES,
        COMPRESS_ALGORITHM=ALGORITHMS,
        COMPRESS_STREAMS=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # below, where there is a condition
    )
    Compression(app)


class Compression(Compress):
    """Flask-Compress, asked only where something may be compressed."""

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
