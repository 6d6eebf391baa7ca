"""If-Match: the version that a client believes a thing to be at; and whether there is any condition at all."""

from typing import Any

from flask import request

# For a tag that is none of ours: a version that nothing ever has.
NEVER = 2**62
# What Werkzeug's make_conditional reads.
CONDITIONS = (
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_IF_RANGE",
    "HTTP_RANGE",
)


def is_conditional(environ: dict[str, Any]) -> bool:
    """Whether the answer may be another one for what the client says that it has or expects."""
    return not environ.keys().isdisjoint(CONDITIONS)


def expected_version() -> int | None:
    """The version that If-Match names; None where it names none, or any (`*`).

    It is the beginning of an ETag; the rest sums up the answer, and does not matter here.
    """
    if not request.if_match or request.if_match.star_tag:
        return None
    tag = request.if_match.to_header().split(",")[0].strip('" ').partition("-")[0]
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 19 else NEVER
