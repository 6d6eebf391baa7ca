"""What somebody looked at lately: a cookie with the issues' ids, so that looking writes nothing.

It says whose it is, so that the next person at the same browser does not have it.
"""

from datetime import timedelta

from flask import Flask, Response, g, request

from webapp.http.cookies import carried, cookie, drop_cookie, put_cookie

COOKIE = "cairn-viewed"
KEPT = 10
LASTS = int(timedelta(days=90).total_seconds())
MAX_DIGITS = 18


def ids(user_id: int) -> list[int]:
    """The issues that this person looked at, the latest first."""
    whose, _, said = (cookie(COOKIE) or "").partition(":")
    if whose != str(user_id):
        return []
    plain = [word for word in said.split(".") if word.isascii() and word.isdecimal() and len(word) <= MAX_DIGITS]
    return [int(word) for word in plain[:KEPT]]


def note(user_id: int, issue_id: int) -> None:
    """Remember that this person looks at this issue. A page that is only fetched ahead is not looked at."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    earlier = [id for id in ids(user_id) if id != issue_id]
    g.viewed = (user_id, [issue_id, *earlier][:KEPT])


def is_looked_at() -> bool:
    """Whether somebody looks at the page that is asked for: not a script, and nothing that is only fetched ahead."""
    said = request.headers
    ahead = ",".join(said.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")).lower()
    by_itself = said.get("Sec-Fetch-Dest", "document") == "document"
    return request.method == "GET" and by_itself and "prefetch" not in ahead and "preview" not in ahead


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
