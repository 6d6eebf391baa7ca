"""Sentences without any sign that Markdown has a use for: most comments, and many texts of issues.

Of such a text the parser makes paragraphs with line breaks, which the sanitiser then leaves as they are: some 270
calls to find that nothing is to be done. What is not plainly of that kind is theirs.
"""

import re

# Letters and digits of all scripts, and signs that mean nothing wherever they stand in a line.
_INERT = r"[^\W_]|[ ,.;!?'\"()%/+=’‘“”„«»…–—。，、？！：；]"
# A colon that is followed by more may be of an address or an emoji, a hyphen of the key of an issue.
_COLON, _HYPHEN = r":(?=[ \n]|\Z)", r"(?<=[a-z])-(?=[a-z])|(?<= )-(?= )"
# A line begins with a letter, so it is no item, heading, table or code, and ends without a blank.
_LINE = rf"[^\W\d_](?:{_INERT}|{_COLON}|{_HYPHEN})*+(?<! )"
_TEXT = re.compile(rf"\n*{_LINE}(?:\n+{_LINE})*+\n*")
_APART = re.compile("\n{2,}")


def html(text: str) -> str | None:
    """The HTML of a text of that kind, with plain line ends; None of any other."""
    if _TEXT.fullmatch(text) is None or "ww." in text.lower():
        return None
    paragraphs = _APART.split(text.strip("\n"))
    return "".join(["<p>" + one.replace("\n", "<br>\n") + "</p>\n" for one in paragraphs])
