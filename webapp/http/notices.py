"""A sentence for the next page: "Project created." It travels in a signed cookie, as there is no session."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.http import viewed
from webapp.http.cookies import carried, cookie, drop_cookie, put_cookie

COOKIE = "cairn-notice"
# More would fill the cookie.
MOST = 5


class Undo(NamedTuple):
    """Where to post, and what, to take back what a notice tells of."""

    at: str
    change: str


class Link(NamedTuple):
    """Where a notice leads on, and its words."""

    words: str
    at: str


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    kind: str = "done"
    undo: Undo | None = None
    onward: Link | None = None


def add(text: str, kind: str = "done", undo: Undo | None = None, onward: Link | None = None) -> None:
    """Say this on the next page that is shown, with a button that undoes it if there is something to undo, and a
    link if there is somewhere to go on to.
    """
    g.setdefault("new_notices", []).append([text, kind, undo, onward])


def shown() -> list[Notice]:
    """The sentences that wait; showing them uses them up. What is fetched ahead, or by a script that takes pieces of
    it, leaves them to the next page.
    """
    if viewed.is_ahead() or viewed.is_for_pieces():
        return []
    g.notices_shown = True
    return [_notice(*one) for one in [*_waiting(), *g.pop("new_notices", [])]]


def _waiting() -> list[Any]:
    """What the browser brings; nothing, if it was not we who gave it that."""
    brought = cookie(COOKIE)
    if brought is None:
        return []
    try:
        waiting: list[Any] = _signer().loads(brought)
    except BadSignature:
        waiting = []
    return waiting


def _notice(text: str, kind: str, undo: list[str] | None = None, onward: list[str] | None = None) -> Notice:
    return Notice(text, kind, Undo(*undo) if undo else None, Link(*onward) if onward else None)


def carry(response: Response) -> Response:
    """Put new notices into the cookie; take shown ones out."""
    if new := g.get("new_notices"):
        put_cookie(response, COOKIE, str(_signer().dumps(new[-MOST:])), 300)
    elif g.get("notices_shown") and cookie(COOKIE) is not None:
        drop_cookie(response, COOKIE)
    return response


def init_app(app: Flask) -> None:
    carried(app, carry, "new_notices", "notices_shown")


def _signer() -> URLSafeSerializer:
    return _signer_by(tuple(current_app.config["KEYS"]["notice"].oldest_first))


@lru_cache(maxsize=8)
def _signer_by(keys: tuple[str, ...]) -> URLSafeSerializer:
    return URLSafeSerializer(list(keys), salt="notice")
