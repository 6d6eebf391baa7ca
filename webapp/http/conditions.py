"""If-Match: the version that a client believes a thing to be at."""

from flask import request

# For a tag that is none of ours: a version that nothing ever has.
NEVER = 2**62


def expected_version() -> int | None:
    """The version that If-Match names; None where it names none, or any (`*`).

    It is the beginning of an ETag; the rest sums up the answer, and does not matter here.
    """
    if not request.if_match or request.if_match.star_tag:
        return None
    tag = request.if_match.to_header().split(",")[0].strip('" ').partition("-")[0]
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 19 else NEVER
