"""The two kinds of client: one that speaks JSON, and a browser without JavaScript."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask_jwt_extended import get_csrf_token
from werkzeug.test import TestResponse

from webapp.access import Viewer
from webapp.auth import service as auth
from webapp.http import freshness, tokens
from webapp.http.cookies import marked

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def token_of(app: Flask, who: Viewer, lasts: timedelta = tokens.ACCESS) -> str:
    """A fresh token of a new sign-in, without the work of a password."""
    with app.app_context():
        login = auth.begin(who, agent="tests", lasting=auth.BROWSER)
        return tokens.make(who, sid=login.sid, epoch=login.epoch, end=login.end, lasts=lasts, fresh=freshness.until())


class Api:
    """Sends JSON; `status=` is what the answer must have."""

    def __init__(self, app: Flask, who: Viewer | None, headers: dict[str, str]) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Accept": "application/json", **headers}
        if who is not None:
            self.headers["Authorization"] = f"Bearer {token_of(app, who)}"

    def send(self, method: str, url: str, *, status: int | None = None, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        response = self.client.open(url, method=method, headers=headers, **options)
        if status is not None:
            assert response.status_code == status, f"{method} {url}: {response.status} {response.text[:500]}"
        return response

    def get(self, url: str, status: int = 200, **options: Any) -> Any:
        return self.send("GET", url, status=status, **options).json

    def post(self, url: str, json: Any = None, status: int = 201, **options: Any) -> Any:
        return self.send("POST", url, status=status, json=json, **options).json

    def patch(self, url: str, json: Any = None, status: int = 200, **options: Any) -> Any:
        return self.send("PATCH", url, status=status, json=json, **options).json

    def put(self, url: str, json: Any = None, status: int | None = None, **options: Any) -> Any:
        response = self.send("PUT", url, status=status, json=json, **options)
        assert response.status_code < 300 or status is not None, response.text[:500]
        return response.json if response.text else None

    def delete(self, url: str, status: int = 204, **options: Any) -> Any:
        return self.send("DELETE", url, status=status, **options).json


class Browser:
    """Asks for pages, keeps cookies, puts the CSRF token into its forms, and looks at every page it gets."""

    def __init__(self, app: Flask, who: Viewer | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        if who is not None:
            self.hold(token_of(app, who, timedelta(hours=12)))

    def cookie(self, name: str) -> str:
        """What a cookie is called here; each installation adds a mark of its own."""
        with self.app.app_context():
            return marked(name)

    def hold(self, token: str) -> None:
        self.client.set_cookie(self.cookie("cairn"), token)

    @property
    def csrf(self) -> str:
        """The token that a page's form would carry."""
        cookie = self.client.get_cookie(self.cookie("cairn"))
        if cookie is None:
            page = self.get("/auth/login")
            return page.fields["csrf_token"]
        with self.app.app_context():
            return str(get_csrf_token(cookie.value))

    def get(self, url: str, status: int = 200, **options: Any) -> "Seen":
        response = self.client.get(url, headers=HTML, **options)
        assert response.status_code == status, f"GET {url}: {response.status} {response.text[:500]}"
        return Seen(response)

    def _shown(self, url: str) -> dict[str, str]:
        """When the form was shown, where that is asked (webapp/http/traps.py)."""
        if url != "/auth/register":
            return {}
        page = Seen(self.client.get(url, headers=HTML))
        return {"shown": page.fields["shown"]} if "shown" in page.fields else {}

    def post(self, url: str, data: Any = None, status: int = 303, **options: Any) -> "Seen":
        data = {"csrf_token": self.csrf, **self._shown(url), **(data or {})}
        response = self.client.post(url, data=data, headers={**HTML, **options.pop("headers", {})}, **options)
        assert response.status_code == status, f"POST {url}: {response.status} {response.text[:1500]}"
        return Seen(response)


class Seen(HTMLParser):
    """A page as it arrived: its title, heading, fields, words. Checks what must hold for every page."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.response, self.text = response, response.text
        self.location = response.headers.get("Location", "")
        self.h1 = self.title = ""
        self.fields: dict[str, str] = {}
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self._inside: list[str] = []
        if response.mimetype == "text/html" and response.status_code != 303:
            self.feed(self.text)
            self._check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if (tag == "input" and given.get("type") not in ("checkbox", "radio")) or "checked" in given:
            self.fields[given.get("name", "")] = given.get("value", "")
        if tag == "textarea":
            self._textarea = given.get("name", "")
            self.fields[self._textarea] = ""
        if tag == "a":
            self.links.append(given.get("href", ""))
        assert "style" not in given, f"an inline style on <{tag}>"
        assert not any(name.startswith("on") for name in given), f"an inline handler on <{tag}>"

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "h1" in self._inside:
            self.h1 += data
        if "title" in self._inside and "svg" not in self._inside:
            self.title += data
        if "textarea" in self._inside:
            self.fields[self._textarea] += data.removeprefix("\n")
        self.words.append(data)

    def _check(self) -> None:
        doubled = {one for one in self.ids if self.ids.count(one) > 1}
        assert not doubled, f"ids that stand twice: {doubled}"
        assert self.text.count("<h1") == 1, "a page has one h1"
        assert self.title.strip(), "a page has a title"

    def says(self, words: str) -> bool:
        """Whether the words stand on the page, whatever the markup between them."""
        return " ".join(words.split()) in " ".join("".join(self.words).split())
