"""Whoever asks a tracker of any version: in bytes, and patiently where it has limits."""

import json
import re
import secrets
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.server.running import PATIENCE

JSON, PAGE = "application/json", "text/html"
# What shows no words of people, or ends the visit.
PASSED_BY = re.compile(r"/(static|docs|redoc|openapi|auth/logout|auth/login|auth/register|auth/oidc|language)\b")
# Of what is only refused there is nothing to keep: no such way of asking, no such form.
NOTHING = (405, 406, 422)
VARIANTS = 2  # addresses that differ in their query alone, of each path


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    location: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Visitor:
    """Somebody who asks: by a token, or as nobody."""

    port: int
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, accept: str = JSON) -> Answer:
        sent = None if body is None else json.dumps(body).encode()
        return self._sent(
            method, path, sent, {"Accept": accept, "Content-Type": JSON} if sent else {"Accept": accept}
        )

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file as a form of one field does."""
        edge = secrets.token_hex(8)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._sent(
            "POST", path, body, {"Accept": JSON, "Content-Type": f"multipart/form-data; boundary={edge}"}
        )

    def _sent(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self.token:
            headers = {**headers, "Authorization": f"Bearer {self.token}"}
        while True:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                content = response.read()
            if response.status != 429:
                kind = response.headers.get_content_type()
                return Answer(response.status, kind, response.headers.get("Location", ""), content)
            time.sleep(float(response.headers["Retry-After"]))


class _Read(HTMLParser):
    """The words and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._is_hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_hidden += tag in ("script", "style")
        self.words += [
            unescape(given[name] or "") for name in ("value", "title", "alt", "aria-label") if name in given
        ]
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._is_hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._is_hidden:
            self.words.append(data)


def plain(text: str) -> str:
    """A text by its words alone, however they are broken into lines and pieces."""
    return "".join(text.split())


def seen(answer: Answer, said: Iterable[str]) -> dict[str, Any]:
    """What is to be remembered of an answer: JSON as it is, of a page which of the known words it says, of a file its
    sum."""
    told: dict[str, Any] = {"status": answer.status, "kind": answer.kind}
    if answer.location:
        told["location"] = relative(answer.location)
    if answer.kind in (JSON, "application/problem+json"):
        told["json"] = answer.json if answer.body else None
    elif answer.kind == PAGE:
        told["says"] = _of(plain("".join(_Read(answer.body.decode()).words)), said)
    elif answer.kind.startswith("text/") or answer.kind.endswith(("xml", "jsonl", "ndjson")):
        told["says"] = _of(plain(unescape(answer.body.decode().replace("\r\n ", ""))), said)
    else:
        told["sum"] = sha256(answer.body).hexdigest()
    return told


def _of(text: str, said: Iterable[str]) -> list[str]:
    return [one for one in said if plain(one) in text]


def relative(address: str) -> str:
    """An address without where it is."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass
class Walk:
    """A walk over all that one page leads to from the next, each asked as a page and as JSON."""

    visitor: Visitor
    said: list[str]
    found: list[dict[str, Any]] = field(default_factory=list)

    def over(self, starts: Iterable[str]) -> list[dict[str, Any]]:
        waiting = list(starts)
        known: set[str] = set(waiting)
        variants: dict[str, int] = {}
        for path in waiting:  # it grows meanwhile
            for link in self.look(path):
                place = urlsplit(link).path
                if link not in known and variants.get(place, 0) < VARIANTS:
                    variants[place] = variants.get(place, 0) + 1
                    known.add(link)
                    waiting.append(link)
        return self.found

    def look(self, path: str) -> list[str]:
        """Where a page leads to."""
        page = self._note(path, PAGE)
        self._note(path, JSON)
        if page.kind != PAGE:
            return []
        links = [link for link in _Read(page.body.decode()).links if link.startswith(("/", "?"))]
        links = [link if link.startswith("/") else urlsplit(path).path + link for link in links]
        return [relative(link) for link in links if not PASSED_BY.match(link)]

    def _note(self, path: str, accept: str) -> Answer:
        answer = self.visitor.ask("GET", path, accept=accept)
        if answer.status not in NOTHING:
            self.found.append({"path": path, "accept": accept, **seen(answer, self.said)})
        return answer
