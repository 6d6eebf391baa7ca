"""The list that led to an issue goes along with it: to its forms, through them, and back to its page.

It is a query, the `q` of an address. Whatever an issue's page leads to of that issue is given it, as all of these
addresses are built in one place (`addresses`): so no form can forget it, with a script or without.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote_plus

from flask import Request

from webapp.http.negotiation import referrer, wants_page

_ISSUE = re.compile(r"(/projects/[^/]+/issues)/[1-9][0-9]*(?=/|\Z)")
_ASIDE = {"q", "view", "cursor", "limit"}
MOST = 1000
# A notice holds addresses as well, and a cookie holds the notice.
CARRIED = 900


def said(text: str) -> str:
    """A query as an address has it: what is no mark of an address there stays as it is."""
    return quote_plus(text, safe="!$'()*,/:;?@")


@dataclass(frozen=True, slots=True)
class Trail:
    """The query of the list, and the address of the issue, which all that it goes along to begins with."""

    text: str
    of: str

    def along(self, address: str) -> str:
        """The address with the query, if it is one of the issue and has none yet."""
        rest = address[len(self.of) :]
        text = said(self.text)
        if not address.startswith(self.of) or rest[:1] not in ("", "/", "#", "?") or len(text) > CARRIED:
            return address
        before, mark, anchor = address.partition("#")
        if "?q=" in before or "&q=" in before:
            return address
        return f"{before}{'&' if '?' in before else '?'}q={text}{mark}{anchor}"


def of(request: Request) -> Trail | None:
    """What goes along with the issue that is asked for; None where no list led to it."""
    found = _ISSUE.match(request.path)
    if found is None or not wants_page():
        return None
    asked = request.args.get("q")
    text = asked[:MOST] if asked else _came_from(request, found[1]) if found[0] == request.path else None
    return Trail(text, f"{request.environ.get('SCRIPT_NAME', '')}{found[0]}") if text else None


def _came_from(request: Request, issues: str) -> str | None:
    """The query of the project's list, if the browser came from there."""
    came = referrer() if request.method == "GET" else None
    if came is None or came.path != f"{request.environ.get('SCRIPT_NAME', '')}{issues}":
        return None
    asked = parse_qs(came.query)
    return None if set(asked) - _ASIDE else asked.get("q", ["is:open"])[0][:MOST]
