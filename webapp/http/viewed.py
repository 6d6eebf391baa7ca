"""What somebody looked at lately: a cookie with the issues' ids, so that looking writes nothing.

It says whose it is, so that the next person at the same browser does not have it.
"""

from datetime import timedelta

from flask import Flask, Response, g

from webapp.http.application import asked
from webapp.http.cookies import carried, cookie, drop_cookie, put_cookie

COOKIE = "cairn-viewed"
KEPT = 10
LASTS = int(timedelta(days=90).total_seconds())
MAX_DIGITS = 18
PURPOSES = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def ids(user_id: int) -> list[int]:
    """The issues that this person looked at, the latest first."""
    whose, _, said = (cookie(COOKIE) or "").partition(":")
    if whose != str(user_id):
        return []
    plain = [word for word in said.split(".") if word.isascii() and word.isdecimal() and len(word) <= MAX_DIGITS]
    return [int(word) for word in plain[:KEPT]]


def note(user_id: int, issue_id: int) -> None:
    """Remember that this person looks at this issue, if somebody does look at the page."""
    if not is_looked_at():
        return
    earlier = [id for id in ids(user_id) if id != issue_id]
    g.viewed = (user_id, [issue_id, *earlier][:KEPT])


def is_looked_at() -> bool:
    """Whether somebody looks at the page that is asked for: not a script, and nothing that is only fetched ahead.

    A script says so of a page that was fetched ahead and is shown now.
    """
    sent = asked().environ
    by_itself = sent.get("HTTP_SEC_FETCH_DEST", "document") == "document"
    return (by_itself and sent["REQUEST_METHOD"] == "GET" and not is_ahead()) or sent.get("HTTP_X_PURPOSE") == "shown"


def is_ahead() -> bool:
    """Whether the page is fetched before anybody asked for it, or looked at for news: it may be shown to nobody."""
    sent = asked().environ
    said = [sent[name] for name in PURPOSES if name in sent]
    return bool(said) and any(word in ",".join(said).lower() for word in ("prefetch", "preview"))


def is_refused_ahead() -> bool:
    """Whether a browser fetches it to show it later without asking again, so that nobody would hear of that."""
    return "prefetch" in asked().environ.get("HTTP_SEC_PURPOSE", "")


def forget() -> None:
    """Remember nothing from here on."""
    g.viewed = None


def carry(response: Response) -> Response:
    if "viewed" not in g:
        return response
    if g.viewed is None:
        drop_cookie(response, COOKIE)
    elif response.status_code in (200, 304):
        user_id, seen = g.viewed
        put_cookie(response, COOKIE, f"{user_id}:{'.'.join(map(str, seen))}", LASTS)
    return response


def init_app(app: Flask) -> None:
    carried(app, carry, "viewed")
