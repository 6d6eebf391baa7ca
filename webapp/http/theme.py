"""Light or dark? What the system says, unless this browser was told otherwise: a cookie, so that nothing flashes."""

from datetime import timedelta

from flask import Flask, Response, g, request

from webapp.http.cookies import drop_cookie, put_cookie

COOKIE = "cairn-theme"
THEMES = ("light", "dark")
LASTS = int(timedelta(days=400).total_seconds())  # longer than that browsers keep none


def chosen() -> str:
    """The theme that this browser was told to show; empty for the system's."""
    theme = request.cookies.get(COOKIE, "")
    return theme if theme in THEMES else ""


def choose(theme: str) -> None:
    """Show this theme from now on; any other word than those of a theme means the system's."""
    g.new_theme = theme


def carry(response: Response) -> Response:
    if (theme := g.get("new_theme")) in THEMES:
        put_cookie(response, COOKIE, theme, LASTS)
    elif theme is not None:
        drop_cookie(response, COOKIE)
    return response


def init_app(app: Flask) -> None:
    app.after_request(carry)
