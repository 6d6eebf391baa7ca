"""Lines that say whose words follow, as programs put them above what they quote: `On Saturday, Ada <a@b.c> wrote:`.

Above quoted lines their form is enough, in whatever language; and in those that Cairn speaks a verb, where there is
neither a day nor an address. Where nothing marks what follows as quoted, the line has to be such a one and nothing
else, from its day to its verb: people quote a few words or a log by hand, and go on. To cut what somebody wrote is
worse than to keep what they did not.
"""

import re
from itertools import takewhile

# A name with a date, an address or both, perhaps on several lines.
MOST_LINES, MOST_LENGTH = 4, 300
# A name has few words, or it is a sentence.
_MOST_WORDS = 5
# Arabic lines bear marks of their direction, which nobody sees.
_SHOWN = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]) | {
    0xA0: " ",
    0x202F: " ",
}
# Outlook says it twice where it is a link: `<a@b.c<mailto:a@b.c>>`.
ADDRESS = re.compile(
    r"[<(\[]{1,2}(?:mailto:)?[^\s<>()\[\]@]{1,80}@\w[^\s<>()\[\]@]{0,250}(?:<mailto:[^\s<>()\[\]]{1,330})?[>)\]]{1,2}"
)
_DATE_OR_ADDRESS = re.compile(r"\d|\w@\w")
# Not within an address, whose token has digits, too.
_DAY = re.compile(r"(?<![A-Za-z0-9+.-])\d{4}(?![A-Za-z0-9@])|\d:\d")
_YEAR, _TIME = re.compile(r"\d{4}"), re.compile(r"\d[:.h]\d")
_OPENING = re.compile(r"(?:on|am|le|el|في|يوم)\s", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|"
    r"(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|"
    r"ال(?:[إا]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة|سبت|[أا]حد))\b",
    re.IGNORECASE,
)
# What stands between the numbers of a day, and behind its hour.
_WITHIN_DAY = re.compile(
    r"(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mi[ée]|jue|vie|s[áa]b|dom|"
    r"(?:jan|feb|f[ée]v|mar|m[äa]r|apr|avr|abr|ma[iy]|ju[inl]|aug|ao[uû]|ago|sep|o[ck]t|nov|de[czé]|d[ií]c|j[äa]n|ene)\w{0,7}|"
    r"at|um|de[mn]|à|a|las?|de|en|في|يوم|الساعة|يناير|فبراير|مارس|[أاإ]بريل|مايو|يونيو|يوليو|[أا]غسطس|سبتمبر|[أا]كتوبر|"
    r"نوفمبر|ديسمبر)"
)
_AFTER_HOUR = re.compile(
    r"[ap]\.?m|[apm]|uhr|h|utc|gmt|[jim]st|[ecp][sd]t|[ecw]e?s?t|mes?z|ص|م|صباح[اً]{1,2}|مساء[ًا]?"
)
_AFTER_NAME = {"wrote", "writes", "écrit", "ecrit", "escribió", "escribio", "schrieb"}
_BEFORE_NAME = {"schrieb", "كتب", "كتبت", "كتب/كتبت"}
_JAPANESE = ("さんは書きました", "さんが書きました", "さんの発言", "のメール", "のメッセージ")
_ARABIC = "تمت كتابة ما يلي بواسطة"
# All that is behind the day, where `@` stands for the address.
_WHO = re.compile(
    rf"(?:hat )?(?P<before>(?:schrieb|كتب/كتبت|كتبت|كتب|{_ARABIC}) )?(?P<name>[^@:]{{1,120}}?)(?P<address> @)?"
    r"(?P<after>,? (?:wrote|writes|a [ée]crit|escribi[óo]|schrieb|folgendes geschrieben)|"
    rf" ?(?:{'|'.join(_JAPANESE)}))?",
    re.IGNORECASE,
)


def shown(line: str) -> str:
    """What one sees of a line; of a long one the beginning."""
    return line[: MOST_LENGTH + 1].translate(_SHOWN).strip()


def above_quoted(lines: list[str]) -> int:
    """Where it begins if these lines end with one; their end if they do not. What follows them is quoted."""
    begin = len(lines)
    while begin and len(lines) - begin < MOST_LINES and shown(lines[begin - 1]):
        begin -= 1
        said = " ".join(map(shown, lines[begin:]))
        if len(said) <= MOST_LENGTH and _may_name(said, shown(lines[begin])) and _is_first(lines, begin):
            return begin
    return len(lines)


def above_unmarked(lines: list[str]) -> int:
    """Where one begins below something else, with all that follows quoted though nothing marks that; else the end."""
    for place in range(2, len(lines)):
        if shown(lines[place]) and not shown(lines[place - 1]) and _is_above_unmarked(lines, place):
            return place
    return len(lines)


def _may_name(said: str, first: str) -> bool:
    if said.endswith((":", "：", "@", ">")) and _DATE_OR_ADDRESS.search(first):
        return True
    name = _name(said)
    if not name:
        return False
    is_dated = bool(_OPENING.match(said) and _WEEKDAY.search(said))
    return is_dated or (len(name) <= _MOST_WORDS and not any(word[:1].islower() for word in name))


def _is_first(lines: list[str], place: int) -> bool:
    """The first line of its paragraph, or one that has the day."""
    return not place or not shown(lines[place - 1]) or bool(_DAY.search(lines[place]))


def _is_above_unmarked(lines: list[str], place: int) -> bool:
    end = _end(lines, place)
    said = " ".join(map(shown, lines[place:end]))
    below = [shown(line) for line in lines[end : end + 3]]
    if not end or len(said) > MOST_LENGTH or any(one.startswith(">") for one in [said, *below]):
        return False
    return _names(said, stands_alone=below[:1] == [""])


def _end(lines: list[str], place: int) -> int:
    """Behind the first line of this paragraph that ends with a colon; 0 if none does."""
    for end in range(place, min(place + MOST_LINES, len(lines))):
        line = shown(lines[end])
        if not line:
            break
        if line.endswith((":", "：")):
            return end + 1
    return 0


def _names(said: str, *, stands_alone: bool) -> bool:
    """Whether it is nothing else: a moment, a name, an address and a verb; or alone, a day, a name and a verb.

    A server that wrote a log is nobody: it does not begin with a capital. In Japanese there may be no verb.
    """
    day, behind = _after_day(ADDRESS.sub(" @ ", said.rstrip(":： ").replace("、", ", ")))
    who = _WHO.fullmatch(behind)
    if not who or not _is_name(who["name"]) or not _has_written(who, day):
        return False
    if who["address"] and _YEAR.search(day) and _TIME.search(day):
        return True
    return stands_alone and _opens(day) and all(map(_has_capital, who["name"].split()))


def _has_written(who: re.Match[str], day: str) -> bool:
    return bool(who["before"]) != bool(who["after"]) or bool("年" in day and who["address"])


def _opens(day: str) -> bool:
    """Whether such a line begins with this day."""
    return bool(_OPENING.match(day) and (_YEAR.search(day) or _WEEKDAY.search(day)))


def _after_day(said: str) -> tuple[str, str]:
    """The day with its hour that it begins with, and the rest. No day if there is none."""
    words = said.split()
    plain = [word.strip(",.،()").casefold() for word in words]
    place = 1 if _OPENING.match(said) else 0
    end = 0
    while place < len(words) and (_has_digit(words[place]) or _is_within_day(plain[place])):
        place += 1
        if _has_digit(words[place - 1]) or (not end and _WEEKDAY.fullmatch(plain[place - 1])):
            end = place
    if end:
        end += len(list(takewhile(_AFTER_HOUR.fullmatch, plain[end:])))
    return " ".join(words[:end]), " ".join(words[end:])


def _has_digit(word: str) -> bool:
    """Not those of an address."""
    return "@" not in word and any(one.isdigit() for one in word)


def _is_within_day(word: str) -> bool:
    return bool(_WITHIN_DAY.fullmatch(word) or _WEEKDAY.fullmatch(word))


def _is_name(name: str) -> bool:
    """Few words, none of which begins small; but many may, where what this program adds to a name is behind them."""
    words = name.split()
    if not words or "I" in words or not _has_letter(words[0]) or _is_small(words[0]):
        return False
    return name.endswith((")", ')"')) or (len(words) <= _MOST_WORDS and not any(map(_is_small, words)))


def _bare(word: str) -> str:
    return word.lstrip("\"'“„«(")


def _is_small(word: str) -> bool:
    return _bare(word)[:1].islower()


def _has_letter(word: str) -> bool:
    return _bare(word)[:1].isalpha()


def _has_capital(word: str) -> bool:
    return _bare(word)[:1].isupper()


def _name(said: str) -> list[str]:
    """The words beside a verb of writing, of which the last is next to it. None if there is no verb, or no colon."""
    if not said.endswith((":", "：")):
        return []
    words = said.rstrip(":： ").split()
    if words and words[-1].casefold() in _AFTER_NAME:
        return [word for word in words[:-1] if word != "a"]
    for place, word in enumerate(words[:-1]):
        if word in _BEFORE_NAME:
            return [*words[:place], *reversed(words[place + 1 :])]
    told = " ".join(words)
    return words if told.endswith(_JAPANESE) or _ARABIC in told else []
