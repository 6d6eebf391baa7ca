"""Pages that are kept: while what one shows is the same, it is not made again, and is not sent again either.

What a page is made of, beside what its view says:
- whom it is for (name, address, time zone, language, rights, what waits unread), the theme, the rows and the keys
  that they chose, the whole address;
- which day it is, for them and in UTC: a day late is another page. How long ago something was may lag a minute;
- the settings and the version, which are the same as long as a process runs.
What each answer has of its own, the CSRF token and the key of its forms, stands in gaps. An answer that says
something just once, a notice or a form that was kept over a login, is made as if nothing were kept.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from secrets import token_urlsafe
from typing import Any, TypeVar
from zlib import crc32

from flask import g
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, keeping, zones
from webapp.config import stored
from webapp.http import choices, csrf, notices, once, unsent
from webapp.http.application import READS, Answer, asked, noted
from webapp.http.cookies import cookie
from webapp.http.identity import viewer
from webapp.http.negotiation import wants_page
from webapp.http.reply import Page, Reply, Told, telling
from webapp.i18n import language
from webapp.keeping import Kind

Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Kept(Reply[Any]):
    """A page without what each answer has of its own; that stands between the parts.

    `owned` says for each gap whether the CSRF token stands there, or else the key of a form.
    """

    parts: tuple[bytes, ...]
    owned: tuple[bool, ...]
    tag: str
    about: int | None
    changed_at: datetime | None

    def as_page(self) -> AnyResponse:
        """The page, or only that it is the one that the browser has."""
        tag = f"{self.tag}{crc32(csrf.value().encode()) if True in self.owned else 0:08x}"
        environ = asked().environ
        environ.pop("HTTP_IF_MATCH", None)  # a page has no versions, and never had
        said = environ.get("HTTP_IF_NONE_MATCH", "")
        is_known = f'"{tag}"' in said or said.strip() == "*"
        lines = [("Content-Type", "text/html; charset=utf-8")]
        body = [] if is_known else [self._filled()]
        if not is_known:
            lines.append(("Content-Length", str(len(body[0]))))
        lines += ("ETag", f'W/"{tag}"'), ("Content-Language", language())
        return Answer.of(body, 304 if is_known else 200, lines)

    def _filled(self) -> bytes:
        if not self.owned:
            return self.parts[0]
        token, key = csrf.token().encode(), once.form_key().encode()
        filled = [self.parts[0]]
        for is_token, part in zip(self.owned, self.parts[1:], strict=True):
            filled += (token if is_token else key, part)
        return b"".join(filled)


def kept(
    made_of: Hashable, make: Callable[[], Reply[Out]], *, compares: bool = False, tagged: object = ""
) -> Reply[Out]:
    """The page that `make` shows, if it is not kept already as one that is made of the same.

    `made_of` says all that it shows of the database. `make` may find that there is no page to show, and answer or
    raise as a view does. To a client that is told by JSON nothing is kept.

    A page that `compares` seldom shows what changes around it: it is not drawn again while all that its template is
    given is the same. A browser is shown the one that it has as long as that looks alike, and `tagged` is the same:
    a form that may have been sent since is to have another key.
    """
    if not _is_plain():
        return make()
    by, now = viewer(), clock.now()
    days = now.date(), now.astimezone(zones.named(by.time_zone if by else "UTC")).date()
    sent = asked()
    key = sent.path, sent.query_string, by and by.id, choices.chosen()

    def compared(page: Page, stand_in: str) -> Kept:
        given = {name: _still(value) for name, value in page.looked_up().items()}
        return keeping.kept(
            _DRAWN, key, (given, _still(made_of), by, days, stored.at), lambda: _drawn(page, stand_in)
        )

    draw = compared if compares else partial(_drawn, tagged=str(tagged))
    return keeping.kept(_PAGE, key, (made_of, by, days, stored.at), lambda: _made(make, draw))


def told(name: Hashable, made_of: Hashable, schema: type[Out], make: Callable[[], Any]) -> Reply[Out]:
    """The same for clients: what they are told by JSON of one thing, which stands under its name.

    `make` finds the thing. All that may see its project are told the same that have the same `made_of`.
    """
    return keeping.kept(_TOLD, (schema, name), made_of, lambda: telling(schema, make()))


def _is_plain() -> bool:
    """Whether this is the look at a page that anybody in this place would get, with nothing to be told only now."""
    return (
        wants_page()
        and asked().method in READS
        and cookie(notices.COOKIE) is None
        and cookie(unsent.COOKIE) is None
        and noted().keys().isdisjoint(("new_notices", "form_again"))
    )


def _still(value: Any) -> Any:
    """A thing, or several, without what moves with others that a page may not show, if it says what that is."""
    return tuple(map(_still, value)) if type(value) is tuple else getattr(value, "still", value)


def _made(make: Callable[[], Reply[Any]], draw: Callable[[Page, str], Kept]) -> Reply[Any]:
    """What `make` shows, drawn with a word that stands in for the token: one that no text can have in it."""
    notes, stand_in = noted(), token_urlsafe(24)
    token = notes.get("csrf_token")
    notes["csrf_token"] = stand_in
    try:
        reply = make()
        if isinstance(reply, Page):
            return draw(reply, stand_in)
    finally:
        del notes["csrf_token"]
        if token is not None:
            notes["csrf_token"] = token
    keeping.fleeting()
    return reply


def _drawn(page: Page, stand_in: str, tagged: str = "") -> Kept:
    """A page with gaps where the token stands, and the key of a form."""
    parts, owned = _cut(page.rendered().encode(), stand_in, g.get("form_key"))
    whole = b"\0".join((*parts, tagged.encode()) if tagged else parts)
    return Kept(parts, owned, blake2b(whole, digest_size=8).hexdigest(), page.about, page.changed_at)


def _cut(html: bytes, token: str, key: str | None) -> tuple[tuple[bytes, ...], tuple[bool, ...]]:
    """What stands between the tokens and the keys, and which of both stands in each gap."""
    parts: list[bytes] = []
    owned: list[bool] = []
    for part in html.split(token.encode()):
        within = part.split(key.encode()) if key else [part]
        owned += [True] * bool(parts) + [False] * (len(within) - 1)
        parts += within
    return tuple(parts), tuple(owned)


def _size(page: Reply[Any]) -> int:
    sent = asked()
    return sum(map(len, page.parts)) + len(sent.path) + len(sent.query_string) if isinstance(page, Kept) else 0


def _comparable(page: Reply[Any]) -> str:
    return keeping.without_ages(b"\0".join(page.parts).decode()) if isinstance(page, Kept) else repr(page)


_TOLD: Kind[Told] = Kind("told", lambda told: len(told.body), lambda told: told.body.decode())
_PAGE = Kind("page", _size, _comparable)
# Its HTML is that of the page; what it was drawn of takes as much at most.
_DRAWN: Kind[Kept] = Kind("drawn", lambda page: 2 * _size(page), _comparable)
