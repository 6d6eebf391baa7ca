"""Links that lead away from this site."""

import re

from markdown_it.token import Token

_OWN_ADDRESS = re.compile(r"/(?![/\\])|[#?]|mailto:")


def mark_foreign(link: Token) -> None:
    """Say of a link that leads elsewhere that it is its writer's, not ours."""
    if not _OWN_ADDRESS.match(str(link.attrGet("href") or "")):
        link.attrSet("rel", "nofollow noopener noreferrer ugc")
