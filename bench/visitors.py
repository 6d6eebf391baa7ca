"""What somebody sends to a tracker, and gets back: as a client of the API, and as a browser."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

JSON, PAGE = "application/json", "text/html"


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: everything of a request but the connection."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """One of its headers, the first of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Visitor:
    """Somebody who is logged in twice: with a bearer token, and with a browser's cookies."""

    bearer: dict[str, str]
    cookies: dict[str, str]
    csrf: str

    def ask(self, request: Request) -> Answer:
        """Send one request."""
        raise NotImplementedError

    def run(self, statement: str, *values: Any) -> list[Any]:
        """Run SQL beside the application; returns the rows, if there are any."""
        raise NotImplementedError

    def json(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Request:
        """What a client of the API sends."""
        kinds = {"Accept": JSON, **self.bearer, **headers}
        if body is None:
            return Request(path, method, kinds)
        return Request(path, method, {**kinds, "Content-Type": JSON}, json.dumps(body))

    def page(self, path: str, **headers: str) -> Request:
        """What a browser sends for a page."""
        return Request(path, "GET", {"Accept": PAGE, **self.cookies, **headers})

    def form(self, path: str, fields: dict[str, str]) -> Request:
        """What a browser sends for a form that nobody has sent before."""
        filled = {"csrf_token": self.csrf, "form_key": secrets.token_urlsafe(16), **fields}
        kinds = {"Accept": PAGE, "Content-Type": "application/x-www-form-urlencoded", **self.cookies}
        return Request(path, "POST", kinds, urlencode(filled))
