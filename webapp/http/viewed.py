"""What somebody looked at lately, and when: a cookie with the issues' ids, so that looking writes nothing.

It says whose it is, so that the next person at the same browser does not have it.
"""

import re
from datetime import UTC, datetime, timedelta

from flask import Flask, Response

from webapp import clock
from webapp.http.application import asked, noted
from webapp.http.cookies import carried, cookie, drop_cookie, put_cookie

COOKIE = "cairn-viewed"
KEPT, RECENT = 24, 10
LASTS = int(timedelta(days=90).total_seconds())
_LOOK = re.compile(r"([0-9]{1,18})(?:-([0-9a-f]{1,11}))?")
PURPOSES = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def ids(user_id: int) -> list[int]:
    """The issues that this person looked at, the latest first; those that are called recent."""
    return list(_looks(user_id))[:RECENT]


def last(user_id: int, issue_id: int) -> datetime | None:
    """When this person looked at an issue last in this browser; None if they did not, or long ago."""
    milliseconds = _looks(user_id).get(issue_id)
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None


def _looks(user_id: int) -> dict[int, int]:
    """By issue, the latest first, when it was looked at: in milliseconds, or 0 if an older cookie does not say."""
    whose, _, said = (cookie(COOKIE) or "").partition(":")
    if whose != str(user_id):
        return {}
    return {int(one[1]): int(one[2] or "0", 16) for one in map(_LOOK.fullmatch, said.split(".")[:KEPT]) if one}


def note(user_id: int, issue_id: int) -> None:
    """Remember that this person looks at this issue, if somebody does look at the page."""
    if not is_looked_at():
        return
    now = int(clock.now().timestamp() * 1000)
    earlier = [one for one in _looks(user_id).items() if one[0] != issue_id]
    noted()["viewed"] = user_id, dict([(issue_id, now), *earlier[: KEPT - 1]])


def is_looked_at() -> bool:
    """Whether somebody looks at the page that is asked for: not a script, and nothing that is only fetched ahead.

    A script says so of a page that was fetched ahead and is shown now.
    """
    sent = asked().environ
    by_itself = sent.get("HTTP_SEC_FETCH_DEST", "document") == "document"
    return (by_itself and sent["REQUEST_METHOD"] == "GET" and not is_ahead()) or is_for_pieces()


def is_for_pieces() -> bool:
    """Whether a script asks that puts what is new on the page into the page that is open."""
    return asked().environ.get("HTTP_X_PURPOSE") == "shown"


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
    noted()["viewed"] = None


def carry(response: Response) -> Response:
    known = noted()
    if "viewed" not in known:
        return response
    if known["viewed"] is None:
        drop_cookie(response, COOKIE)
    elif response.status_code in (200, 304):
        user_id, looks = known["viewed"]
        said = ".".join(f"{id}-{at:x}" for id, at in looks.items())
        put_cookie(response, COOKIE, f"{user_id}:{said}", LASTS)
    return response


def init_app(app: Flask) -> None:
    carried(app, carry, "viewed")
