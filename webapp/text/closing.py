"""Where a text says that an issue is done: `fixes #3`, `closes: A-1, A-2 and #4`.

Only what its writer states counts. A quotation, a question, a condition, a plan, a part and a denial are none, and in
doubt nothing is closed: who meant it can still close the issue, but nobody looks for one that vanished.

A line comes with its names and what is no text of the writer's replaced by one character each.
"""

import re
from collections.abc import Iterator

NAME, OPAQUE = "\ue000", "\ue001"
# Said in front of each item of a list that closing words lead up to.
LEAD = "Fixes: "

# So far a sentence is read, and a quotation.
_FAR = 300
_VERB = r"(?<![^\W\u0370-\U0010FFFF])(?<![-/.\\#@])(?P<verb>fix(?:e[sd])?|close[sd]?|resolve[sd]?)(?![\w-])"
_KINDS = r"(?:issues?|bugs?|tickets?)"
_ONE = rf"{NAME}(?!['’]s\b)(?!\s*\(comment\))"
_MORE = (
    r"(?:[ \t]*(?:[,;、，；&+/]|\b(?:and|plus)\b)\s*(?:and\s+|&\s*)?|[ \t]+"
    rf"|\n(?=[ \t]*{NAME}[ \t]*(?:\n|\Z)))"
)
_STILL = r"(?!\s+(?:is|was|has|will|needs?|should|would|could|remains?|stays?|still|follows|next|later|not)\b)"
_SAID = re.compile(
    rf"{_VERB}(?:[ \t]*[:：]\s*|\s+)(?:both\s+)?(?:{_KINDS}\s+)?(?P<names>{_ONE}(?:{_MORE}{_ONE}{_STILL})*)",
    re.IGNORECASE,
)
_LEADING = re.compile(rf"{_VERB}(?:\s+(?:the following|these))?(?:\s+{_KINDS})?\s*[:：]\s*\Z", re.IGNORECASE)

# A line that only goes on begins in lower case, and not with what the next statement begins with.
_GOES_ON = re.compile(r"(?<=[^\s.!?:;。！？])[ \t]*\n(?=[ \t]*[a-z])(?!\s*(?:fixe[sd]|close[sd]|resolve[sd])\b)")
_MARKS = ('""', "“”", "„“", "„”", "«»", "»«", "‹›", "「」", "『』")
_QUOTED = re.compile(
    "|".join(rf"(?<!\w){mark[0]}[^{mark[1]}]{{0,{_FAR}}}{mark[1]}" for mark in _MARKS)
    + rf"|(?<!\w)['‘][^'’\n]{{0,{_FAR}}}['’](?!\w)|^[ \t]*[>＞].*$",
    re.MULTILINE,
)
_ENDS = re.compile(r"[.!?…](?=[\s\"'”’»)\]]|\Z)[.!?…]*|[!?][!?]+|[。！？؟]+|\n")
_TURNS = re.compile(r"[,:;()\[\]—–、，：；（）]|\s-\s|\b(?:but|however|although|though|and now)\b", re.IGNORECASE)
_BUT = re.compile(r"\b(?:but|although|though)\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not(?! only\b| just\b)|\w+n['’]t|(?:wo|do|does|did|is|was|has|have|ca|could|would|should)nt|cannot|never"
    r"|no|none|nobody|nothing|neither|nor|without|hardly|barely|rarely|seldom|almost|nearly|partially|partly"
    r"|instead of|rather than|if|whether|unless|until|would|might|(?<!in )may|could|maybe|perhaps|possibly"
    r"|fail(?:s|ed)? to|revert(?:s|ed|ing)?|todo|fixme)\b",
    re.IGNORECASE,
)
# What makes a plan, a wish or a question of the bare verb.
_PLANS = re.compile(
    r"\b(?:to|will|shall|should|can|must|please|let['’]?s|gonna|want|need|try|help)\b|['’](?:ll|d)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"\s*(?:(?:and|so|or)\s+)?(?:does|do|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might)\b",
    re.IGNORECASE,
)
_WONDERS = re.compile(r"\s*(?:(?:and|so|or)\s+)?(?:who|whose|what|why|where|how|which)\b", re.IGNORECASE)
_SUPPOSES = re.compile(
    r"(?:\A|[,:;(])\s*(?:if|unless|until|once|when|whether|as soon as|in case|provided)\b", re.IGNORECASE
)
_LIMITS = re.compile(
    rf"\s*(?:(?:,\s*)?\(?(?:but\s+)?(?:only\s+)?(?:partially|partly|in part)\b|(?:if|once|unless|until|as soon as)\b"
    rf"|(?:,\s*)?or\s+{NAME})",
    re.IGNORECASE,
)


def closed(line: str) -> Iterator[int]:
    """Which of the names of a line are said to be done, counted from 0."""
    if NAME not in line or not _SAID.search(line):
        return
    order = {match.start(): count for count, match in enumerate(re.finditer(NAME, line))}
    line = _plain(line)
    for match in _SAID.finditer(line):
        if _is_stated(line, match, match.end()):
            begin, end = match.span("names")
            yield from (order[at] for at in range(begin, end) if line[at] == NAME)


def leads(line: str) -> bool:
    """Whether a line says that what is listed below it is done: `Fixes:`."""
    if not line.rstrip().endswith((":", "：")):
        return False
    match = _LEADING.search(line := _plain(line))
    return match is not None and _is_stated(line, match, len(line))


def _plain(line: str) -> str:
    """The line as one writes it who breaks no lines, without what stands in quotation marks."""
    line = _GOES_ON.sub(lambda match: " " * len(match[0]), line)
    return _QUOTED.sub(lambda match: OPAQUE * len(match[0]), line)


def _is_stated(line: str, match: re.Match[str], end: int) -> bool:
    before = line[max(0, match.start() - _FAR) : match.start()]
    sentence = _behind(_BUT, _behind(_ENDS, before))
    clause = _behind(_TURNS, sentence)
    is_bare = match["verb"].lower() in ("fix", "close", "resolve")
    if _DENIES.search(sentence if is_bare else clause) or (is_bare and _PLANS.search(clause)):
        return False
    if _ASKS.match(clause) or _WONDERS.match(sentence) or _SUPPOSES.search(sentence) or _LIMITS.match(line, end):
        return False
    ending = _ENDS.search(line, end, end + _FAR)
    return ending is None or not set(ending[0]) & set("?？؟")


def _behind(what: re.Pattern[str], text: str) -> str:
    """What stands behind the last of such things."""
    return text[max((match.end() for match in what.finditer(text)), default=0) :]
