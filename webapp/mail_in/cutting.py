"""What somebody wrote themselves: without the mail that they answer, and without their signature.

It goes by how a mail is built, and hardly by words: people's programs speak many languages. Each look is at one line,
so that no text takes long. What stands between quoted lines stays, and these with it: it answers them.
"""

import re

# As many lines may be a signature, or the foot of a mailing list.
SHORT = 12
# A foot below a quotation below a signature; further ones are nobody's.
LAYERS = 4
# A name, a date and an address, perhaps on several lines, before what is quoted.
MOST_LINES, MOST_LENGTH = 4, 300
_QUOTED = re.compile(r"[ \t]{0,3}>")
_RULE = re.compile(r"[_=*-]{20,}")
_ORIGINAL = re.compile(r"-{2,20} ?[^-]{3,60} ?-{2,20}")
_FIELD = re.compile(r"\*?[^\W\d_][^:*<>@/]{0,24}:\*? ?\S")
_SENT_BY = re.compile(
    r"(sent (from|with|via|by) |get outlook for |von meinem .{1,40} gesendet|gesendet (von|mit) |"
    r"envoy[ée] (de|depuis|avec) |enviado (desde|do|de|con) |inviato da |verstuurd vanaf |skickat från |"
    r"wys[łl]ane z |отправлено )",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The part of a mail's text that is new. Empty if there is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = lines[: _beginning_of_original(lines)]
    for _ in range(LAYERS):
        lines = _without_quotation(_without_signature(_trimmed(lines)))
    return "\n".join(lines).strip("\n")


def _trimmed(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _beginning_of_original(lines: list[str]) -> int:
    """Where a program put the head of the mail that is answered, with a line above it, or without one."""
    for place, line in enumerate(lines):
        shown = line.strip()
        if _is_head(lines[place : place + 8]):
            above = place
            while above and (not lines[above - 1].strip() or _is_rule(lines[above - 1])):
                above -= 1
            return above
        if _ORIGINAL.fullmatch(shown) and _is_head([one for one in lines[place + 1 : place + 10] if one.strip()]):
            return place
    return len(lines)


def _is_head(lines: list[str]) -> bool:
    """Three fields or more, whatever they are called, of which one of the first two has an address."""
    fields = 0
    for line in lines:
        if not _FIELD.match(line.strip()[:80]):
            break
        fields += 1
    return fields >= 3 and any("@" in line for line in lines[:3])


def _is_rule(line: str) -> bool:
    shown = line.strip()
    return bool(_RULE.fullmatch(shown[:200]) or _ORIGINAL.fullmatch(shown[:200]))


def _without_signature(lines: list[str]) -> list[str]:
    """A line of two dashes begins it, as all programs agree, or a long one does if only a foot is below."""
    for place, line in enumerate(lines):
        few = len(lines) - place <= SHORT
        if line in ("-- ", "--\xa0") or (few and (line.rstrip() in ("--", "—") or _RULE.fullmatch(line.strip()))):
            return lines[:place]
    if lines and len(lines[-1]) < 80 and _SENT_BY.match(lines[-1].strip()):
        return lines[:-1]
    return lines


def _without_quotation(lines: list[str]) -> list[str]:
    """Quoted lines at the end go, and the line above that says whose they are."""
    end = len(lines)
    while end and (_QUOTED.match(lines[end - 1]) or not lines[end - 1].strip()):
        end -= 1
    if end == len(lines) or not any(_QUOTED.match(line) for line in lines[end:]):
        return lines
    return lines[: _beginning_of_attribution(lines[:end])]


def _beginning_of_attribution(lines: list[str]) -> int:
    """Where `On …, Ada <ada@example.org> wrote:` begins, in whatever language; its end if there is none."""
    begin = len(lines)
    while begin and len(lines) - begin < MOST_LINES and lines[begin - 1].strip():
        begin -= 1
        said = " ".join(lines[begin:])
        ends = said.rstrip().endswith((":", "：", "@", ">"))
        if len(said) <= MOST_LENGTH and ends and re.search(r"\d", lines[begin]) and _begins(lines, begin):
            return begin
    return len(lines)


def _begins(lines: list[str], place: int) -> bool:
    """The first line of its paragraph, or one that has the day."""
    return not place or not lines[place - 1].strip() or bool(re.search(r"\d{4}|\d:\d", lines[place]))
