"""What somebody wrote themselves: without the mail that they answer, and without their signature.

It goes by how a mail is built, and hardly by words: people's programs speak many languages. Each look is at one line,
so that no text takes long. What stands between quoted lines stays, and these with it: it answers them.
"""

import re

from webapp.mail_in import attribution
from webapp.mail_in.attribution import ADDRESS, shown

# As many lines may be a signature, or the foot of a mailing list.
SHORT = 12
# A foot below a quotation below a signature; further ones are nobody's.
LAYERS = 4
_QUOTED = re.compile(r"[ \t]{0,3}>")
_RULE = re.compile(r"[_=*-]{20,}")
_ORIGINAL = re.compile(r"-{2,20} ?[^-]{3,60} ?-{2,20}")
_FIELD = re.compile(r"\*?[^\W\d_][^:：*<>@/]{0,24}[:：]\*? ?\S")
# Some programs show a name alone: then only these words are a head.
_FROM = re.compile(r"\*?(?:from|von|de|差出人|من) ?[:：]", re.IGNORECASE)
_SENT = re.compile(
    r"\*?(?:sent|date|gesendet|datum|envoyé|enviado(?: el)?|fecha|送信日時|日付|日時|تاريخ الإرسال|التاريخ) ?[:：]",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\*?(?:subject|betreff|objet|asunto|件名|الموضوع) ?[:：]", re.IGNORECASE)
_CLOCK = re.compile(r"\d[:：h時]\d\d")
_SENT_BY = re.compile(
    r"(sent (from|with|via|by) |get outlook for |von meinem .{1,40} gesendet|gesendet (von|mit) |"
    r"envoy[ée] (de|depuis|avec) |enviado (desde|do|de|con) |inviato da |verstuurd vanaf |skickat från |"
    r"wys[łl]ane z |отправлено |[أا]رسلت من |تم الإرسال من |.{1,30}から送信)",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The part of a mail's text that is new. Empty if there is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = lines[: _beginning_of_original(lines)]
    lines = lines[: attribution.above_unmarked(lines)]
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
        if _is_head(lines[place : place + 8]):
            above = place
            while above and (not lines[above - 1].strip() or _is_rule(lines[above - 1])):
                above -= 1
            return above
        if _ORIGINAL.fullmatch(shown(line)) and _is_head(
            [one for one in lines[place + 1 : place + 10] if one.strip()]
        ):
            return place
    return len(lines)


def _is_head(lines: list[str]) -> bool:
    """Three fields or more, one of them with an hour, as every mail has it: the first with a name and an address,
    whatever they are called, or known ones. People write lists of other things, too."""
    fields = []
    for line in map(shown, lines):
        if not _FIELD.match(line[:80]):
            break
        fields.append(line)
    if len(fields) < 3 or not any(map(_CLOCK.search, fields)):
        return False
    _, _, somebody = fields[0].replace("：", ":").partition(":")
    name, *address = ADDRESS.split(somebody, maxsplit=1)
    return bool(address and name.strip(" *")) or _is_known(fields)


def _is_known(fields: list[str]) -> bool:
    """By whom and when; and about what or, with an address, to whom."""
    is_sent = any(_SENT.match(field) and _CLOCK.search(field) for field in fields[1:3])
    is_mail = any(map(_SUBJECT.match, fields)) or any("@" in field for field in fields[:3])
    return bool(_FROM.match(fields[0]) and is_sent and is_mail)


def _is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(shown(line)[:200]) or _ORIGINAL.fullmatch(shown(line)[:200]))


def _without_signature(lines: list[str]) -> list[str]:
    """A line of two dashes begins it, as all programs agree, or a long one does if only a foot is below."""
    for place, line in enumerate(lines):
        few = len(lines) - place <= SHORT
        if line in ("-- ", "--\xa0") or (few and (line.rstrip() in ("--", "—") or _RULE.fullmatch(line.strip()))):
            return lines[:place]
    if lines and len(lines[-1]) < 80 and _SENT_BY.match(shown(lines[-1])):
        return lines[:-1]
    return lines


def _without_quotation(lines: list[str]) -> list[str]:
    """Quoted lines at the end go, and the line above that says whose they are."""
    end = len(lines)
    while end and (_QUOTED.match(lines[end - 1]) or not lines[end - 1].strip()):
        end -= 1
    if end == len(lines) or not any(_QUOTED.match(line) for line in lines[end:]):
        return lines
    return lines[: attribution.above_quoted(lines[:end])]
