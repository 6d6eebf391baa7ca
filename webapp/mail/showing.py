"""Replies that show a mail: its HTML in a frame, where it cannot do what the page could."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import NotFound
from webapp.http import Page, Reply
from webapp.http.policies import STRICT


class Framed(Page):
    """A page with something of this site in a frame."""

    def as_page(self, status: int = 200) -> AnyResponse:
        response = super().as_page(status)
        response.headers["Content-Security-Policy"] = f"{STRICT}; frame-src 'self'"
        return response


@dataclass
class Inside(Reply[Any]):
    """HTML of a mail, which has styles and nothing else."""

    html: str

    def as_page(self) -> AnyResponse:
        response = Response(self.html, mimetype="text/html")
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def as_json(self, schema: Any) -> AnyResponse:
        raise NotFound()


@dataclass
class Source(Reply[Any]):
    """A mail as it is, which nothing reads as anything else."""

    source: bytes

    def as_page(self) -> AnyResponse:
        response = Response(self.source, mimetype="text/plain")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def as_json(self, schema: Any) -> AnyResponse:
        raise NotFound()
