"""The cookies of our own beside the token's: always HttpOnly and Lax, Secure outside development.

Browsers share cookies between the ports of a host. So that two installations there do not take each other's away,
each adds a mark to the names, which follows from its key.
"""

from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, Response, current_app

from webapp.config.keys import Ring
from webapp.http.application import asked, noted


class Carrier(NamedTuple):
    """Puts what a request has noted under these names in `g` into its answer."""

    names: frozenset[str]
    carry: Callable[[Response], Response]


def init_app(app: Flask) -> None:
    """After what most requests have noted, no cookie is to be set: then no carrier is asked, and else few are."""
    app.config["COOKIES"] = Names(app.config["KEYS"]["cookies"])
    carriers: list[Carrier] = []
    app.extensions["carriers"] = carriers

    def carry(response: Response) -> Response:
        names = noted().keys()
        for carrier in reversed(carriers):
            if not carrier.names.isdisjoint(names):
                response = carrier.carry(response)
        return response

    app.after_request(carry)


def carried(app: Flask, carry: Callable[[Response], Response], *names: str) -> None:
    """Let `carry` be asked after each request that has noted one of these in `g`; the last added is asked first."""
    app.extensions["carriers"].append(Carrier(frozenset(names), carry))


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
    first: str = current_app.config["COOKIES"][name][0]
    return first


def cookie(name: str) -> str | None:
    """What the browser has sent under this name."""
    cookies = asked().cookies
    for one in current_app.config["COOKIES"][name]:
        if value := cookies.get(one):
            return value
    return None


def put_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    secure = current_app.config["JWT_COOKIE_SECURE"]
    response.set_cookie(marked(name), value, seconds, secure=secure, httponly=True, samesite="Lax")


def hand_over(response: Response, name: str, token: str | None, seconds: int) -> Response:
    """Give the browser this token, or take away the one that it has."""
    if token:
        put_cookie(response, name, token, seconds)
    elif cookie(name):
        drop_cookie(response, name)
    return response


def drop_cookie(response: Response, name: str) -> None:
    secure = current_app.config["JWT_COOKIE_SECURE"]
    for one in current_app.config["COOKIES"][name]:
        response.delete_cookie(one, secure=secure, httponly=True, samesite="Lax")
