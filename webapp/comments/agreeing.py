"""Comments that say no more than a press would: +1, me too, same here. Everybody who watches would get a mail."""

import re

from webapp.comments.schemas import CommentIn

_WORDS = (
    r"\++\d+", ":[+]1:", ":thumbsup:", "\N{THUMBS UP SIGN}[\U0001f3fb-\U0001f3ff]?", "me too", "me 2", "same",
    "same here", "same for me", "same (problem|issue) here", "ditto", "agreed", "i agree", "from me( too)?",
)  # fmt: skip
_AGREES = re.compile(rf"(?:(?:{'|'.join(_WORDS)})[\s.,!]*)+", re.IGNORECASE)


def says_no_more(draft: CommentIn) -> bool:
    """Whether a comment only agrees. One that closes or reopens the issue does more."""
    return draft.state is None and len(draft.body) <= 60 and _AGREES.fullmatch(draft.body.strip()) is not None
