"""The cookies of our own beside the token's: always HttpOnly and Lax, Secure outside development.

Browsers share cookies between the ports of a host. So that two installations there do not take each other's away,
each adds a mark to the names, which follows from its key.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Flask, Response

from webapp.config.keys import Ring
from webapp.http.application import application, asked, noted


class Carrier(NamedTuple):
    """Puts what a request has noted under these names in `g` into its answer. The names are its alone."""

    names: frozenset[str]
    carry: Callable[[Response], Response]


class Carriers(list[Carrier]):
    """All carriers; the last added is asked first."""

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[str, int] = {}

    def add(self, carrier: Carrier) -> None:
        assert not self._places.keys() & carrier.names  # only one of two would be asked
        self._places.update(dict.fromkeys(carrier.names, len(self)))
        self.append(carrier)

    def asked_after(self, noted: Mapping[str, Any]) -> list[Carrier]:
        """Those that are to be asked where this was noted."""
        due = self._places.keys() & noted.keys()
        if len(due) < 2:
            return [self[self._places[name]] for name in due] if due else []
        return [self[place] for place in sorted({self._places[name] for name in due}, reverse=True)]


def init_app(app: Flask) -> None:
    """After what most requests have noted, no cookie is to be set: then no carrier is asked, and else few are."""
    app.config["COOKIES"] = Names(app.config["KEYS"]["cookies"])
    carriers = app.extensions["carriers"] = Carriers()

    def carry(response: Response) -> Response:
        for carrier in carriers.asked_after(noted()):
            response = carrier.carry(response)
        return response

    app.after_request(carry)


def carried(app: Flask, carry: Callable[[Response], Response], *names: str) -> None:
    """Let `carry` be asked after each request that has noted one of these in `g`; the last added is asked first."""
    app.extensions["carriers"].add(Carrier(frozenset(names), carry))


class Names(dict[str, list[str]]):
    """By the name of a cookie: the same with what tells it from another installation's, then as it was under former
    keys. Looked up with each request, and made once.
    """

    def __init__(self, keys: Ring) -> None:
        self._marks = [key[:8] for key in keys]

    def __missing__(self, name: str) -> list[str]:
        self[name] = names = [f"{name}-{mark}" for mark in self._marks]
        return names


def marked(name: str) -> str:
    """The name as browsers know it."""
    first: str = application().config["COOKIES"][name][0]
    return first


def cookie(name: str) -> str | None:
    """What the browser has sent under this name."""
    sent = asked()
    if name not in sent.environ.get("HTTP_COOKIE", ""):  # most browsers have few of them
        return None
    cookies = sent.cookies
    for one in application().config["COOKIES"][name]:
        if one in cookies and (value := cookies[one]):
            return str(value)
    return None


def put_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    secure = application().config["JWT_COOKIE_SECURE"]
    response.set_cookie(marked(name), value, seconds, secure=secure, httponly=True, samesite="Lax")


def hand_over(response: Response, name: str, token: str | None, seconds: int) -> Response:
    """Give the browser this token, or take away the one that it has."""
    if token:
        put_cookie(response, name, token, seconds)
    elif cookie(name):
        drop_cookie(response, name)
    return response


def drop_cookie(response: Response, name: str) -> None:
    secure = application().config["JWT_COOKIE_SECURE"]
    for one in application().config["COOKIES"][name]:
        response.delete_cookie(one, secure=secure, httponly=True, samesite="Lax")
