"""If-Match: the version that a client believes a thing to be at; and the conditions of those who read."""

import re
from typing import Any

from flask import Response, request

from webapp.http.application import READS

# For a tag that is none of ours: a version that nothing ever has.
NEVER = 2**62
_ONE_TAG = re.compile(r'(?:W/)?("[^",]*")')
# What Werkzeug's make_conditional reads.
CONDITIONS = (
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_IF_RANGE",
    "HTTP_RANGE",
)


def meet(response: Response, environ: dict[str, Any]) -> None:
    """Answer the conditions that the client has, if any: 304 for who has this very answer already.

    Werkzeug answers them; the usual one, a read that has one tag, costs a tenth when it is met here.
    """
    named = [name for name in CONDITIONS if name in environ]
    if not named:
        return
    tag = response.headers.get("ETag", "")
    known = _ONE_TAG.fullmatch(environ.get("HTTP_IF_NONE_MATCH", "")) if len(named) == 1 else None
    if known is None or not tag or environ["REQUEST_METHOD"] not in READS:
        response.make_conditional(environ)
    elif known[1] == tag.removeprefix("W/"):
        response.status_code = 304


def expected_version() -> int | None:
    """The version that If-Match names; None where it names none, or any (`*`).

    It is the beginning of an ETag; the rest sums up the answer, and does not matter here.
    """
    if not request.if_match or request.if_match.star_tag:
        return None
    tag = request.if_match.to_header().split(",")[0].strip('" ').partition("-")[0]
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 19 else NEVER
