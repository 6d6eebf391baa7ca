"""The list or the board that led to an issue goes along with it: to its forms, through them, and back to its page.

It is a query, the `q` of an address, and `board`: by what the board has its columns. Whatever an issue's page leads
to of that issue is given it, as all of these addresses are built in one place (`addresses`): so no form can forget
it, with a script or without.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote_plus

from flask import Request

from webapp.http.negotiation import referrer, wants_page

_ISSUE = re.compile(r"((/projects/[^/]+)/issues)/[1-9][0-9]*(?=/|\Z)")
_ASIDE = {"q", "view", "cursor", "limit"}
_ASIDE_BOARD = {"q", "view", "cursor", "column", "by"}
MOST = 1000
MOST_BOARD = 120
# A notice holds addresses as well, and a cookie holds the notice.
CARRIED = 900


def said(text: str) -> str:
    """A query as an address has it: what is no mark of an address there stays as it is."""
    return quote_plus(text, safe="!$'()*,/:;?@")


@dataclass(frozen=True, slots=True)
class Trail:
    """The query of the list, by what the board has its columns if it was one, and the address of the issue, which
    all that these go along to begins with."""

    text: str
    board: str
    of: str

    @property
    def asked(self) -> str:
        """What an address says of it."""
        said_of = {"board": self.board, "q": self.text}
        return "&".join(f"{name}={said(value)}" for name, value in said_of.items() if value)

    def along(self, address: str) -> str:
        """The address with what is said of the trail, if it is one of the issue and has a query of its own not."""
        rest = address[len(self.of) :]
        asked = self.asked
        if not address.startswith(self.of) or rest[:1] not in ("", "/", "#", "?") or len(asked) > CARRIED:
            return address
        before, mark, anchor = address.partition("#")
        if "?q=" in before or "&q=" in before:
            return address
        return f"{before}{'&' if '?' in before else '?'}{asked}{mark}{anchor}"


def of(request: Request) -> Trail | None:
    """What goes along with the issue that is asked for; None where neither a list nor a board led to it."""
    found = _ISSUE.match(request.path)
    if found is None or not wants_page():
        return None
    said = request.args if request.query_string else {}
    text, board = said.get("q", ""), said.get("board", "")
    if not text and not board and found[0] == request.path:
        text, board = _came_from(request, found[1], f"{found[2]}/board")
    root = request.environ.get("SCRIPT_NAME", "")
    return Trail(text[:MOST], board[:MOST_BOARD], f"{root}{found[0]}") if text or board else None


def _came_from(request: Request, issues: str, board: str) -> tuple[str, str]:
    """The query of the project's list or board, and its columns, if the browser came from there."""
    came = referrer() if request.method == "GET" else None
    if came is None:
        return "", ""
    root, asked = request.environ.get("SCRIPT_NAME", ""), parse_qs(came.query)
    if came.path == f"{root}{issues}" and not set(asked) - _ASIDE:
        return asked.get("q", ["is:open"])[0], ""
    if came.path == f"{root}{board}" and not set(asked) - _ASIDE_BOARD:
        return asked.get("q", [""])[0], asked.get("by", ["status"])[0]
    return "", ""
