"""A form that was sent after the login was over: kept, and shown again, filled but not sent, after the next login.

It belongs to the browser, by a random cookie; the database knows only the cookie's hash.
"""

import secrets

from flask import Flask, Response, g, request
from werkzeug.datastructures import MultiDict

from webapp.http.cookies import carried, cookie, drop_cookie, put_cookie
from webapp.http.services import services

COOKIE = "cairn-draft"


def keep(page: str) -> None:
    """Keep what this request has typed into the form of a page, under a new token: a planted one opens nothing.

    What was kept before stays where nothing was typed now, as on a page that only asks for a password.
    """
    token = secrets.token_urlsafe(32)
    if services().drafts.keep(token, page, request.form.items(multi=True)):
        forget()
        g.new_draft = token


def typed(page: str) -> MultiDict[str, str] | None:
    """What this browser has typed into the form of a page when nobody was logged in."""
    token = cookie(COOKIE)
    fields = services().drafts.kept(token, page) if token else None
    return None if fields is None else MultiDict(fields)


def forget(page: str | None = None) -> None:
    """It is sent, or not wanted any more."""
    token = cookie(COOKIE)
    if token and services().drafts.forget(token, page):
        g.draft_gone = True


def carry(response: Response) -> Response:
    if token := g.get("new_draft"):
        put_cookie(response, COOKIE, token, int(services().drafts.KEPT.total_seconds()))
    elif g.get("draft_gone"):
        drop_cookie(response, COOKIE)
    return response


def init_app(app: Flask) -> None:
    carried(app, carry, "new_draft", "draft_gone")
