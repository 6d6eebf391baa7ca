"""From a letter to its subject, its text and its HTML: all three from the one template of its kind."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from webapp import zones
from webapp.config import ROOT
from webapp.http.times import day_in, moment_in
from webapp.mail import looks, terminal, unsubscribing
from webapp.mail.blocks import Block, Gathering, isolated, line, unmarked
from webapp.mail.composing import Letter
from webapp.mail.office import office
from webapp.mail.rich import rich
from webapp.mail.rows import MailRow, Reader

# Beyond that nobody reads on, and some servers refuse.
LONGEST = 180
# Nobody would try by themselves: mails of programs are seldom read by anybody.
RULES = "Choose by which way you hear of what"
ANSWERED = "Answer this mail to comment."


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter as it is sent; `stop` is the address that ends such mails, if one does."""

    subject: str
    text: str
    html: str
    stop: str


def draw(mail: MailRow, letter: Letter) -> Drawn:
    """Draw a letter for its reader: their language, their time."""
    gathering = Gathering(office().site)
    template = _words().get_template(_template(mail))
    values = {**gathering.names(), **_times(mail.reader), "reader": mail.reader, **letter.values}
    context = template.new_context(values)
    subject = _subject("".join(template.blocks["subject"](context)))
    if left := "".join(template.blocks["lines"](context)).strip():
        raise ValueError(f"{template.name}: this stands outside of all that is said: {left[:80]!r}")
    stop = gathering.at(unsubscribing.path(mail.reader, letter.stop)) if letter.stop else ""
    footer = [line(letter.why)] if letter.why else []
    if letter.reply_to:
        footer.insert(0, ANSWERED)
    return Drawn(
        subject,
        terminal.text_of(gathering.blocks, _footer(footer, letter, stop)),
        _html(mail.reader, subject, gathering.blocks, footer, letter, stop),
        stop,
    )


def _template(mail: MailRow) -> str:
    """Where the words are; those in another language would have another place."""
    assert mail.reader.language == "en"
    return f"mail/{mail.kind}.txt"


def _subject(text: str) -> str:
    subject = unmarked(line(text))
    return subject if len(subject) <= LONGEST else subject[: LONGEST - 1].rstrip() + "…"


def _footer(footer: list[str], letter: Letter, stop: str) -> list[str]:
    """Addresses stand in lines of their own."""
    ends = [f"{letter.stop.words}:", stop] if letter.stop else []
    ends += [f"{RULES}:", office().site + letter.rules] if letter.rules else []
    return [*footer, *(ends or ([] if footer else [office().site]))]


def _html(reader: Reader, subject: str, blocks: list[Block], footer: list[str], letter: Letter, stop: str) -> str:
    return _page().render(
        language=reader.language,
        subject=subject,
        blocks=blocks,
        footer=footer,
        stop={"words": letter.stop.words, "link": stop} if letter.stop else None,
        rules={"words": RULES, "link": office().site + letter.rules} if letter.rules else None,
        site=office().site,
    )


def _times(reader: Reader) -> dict[str, Any]:
    """Times as they are where the reader is."""
    zone = zones.named(reader.time_zone)
    return {"moment": lambda at: moment_in(zone, at), "day": lambda at: day_in(zone, at)}


@cache
def _words() -> Environment:
    """For words: what is put in is text, and a template that names what nobody gave is a mistake."""
    return _environment(autoescape=False, finalize=isolated)


@cache
def _page() -> Template:
    environment = _environment(autoescape=True)
    environment.globals.update(look=looks.look, sheet=looks.sheet)
    environment.globals["rich"] = lambda source: rich(source, office().site)
    return environment.get_template("mail/_letter.html")


def _environment(**options: Any) -> Environment:
    loader = FileSystemLoader(ROOT / "templates")
    return Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701
