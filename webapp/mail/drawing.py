"""From a letter to its subject, its text and its HTML: all three from the one template of its kind."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from webapp import zones
from webapp.config import ROOT
from webapp.http.times import day_in, moment_in
from webapp.http.translating import Speaking, Translating
from webapp.i18n import N_, _, language
from webapp.i18n.languages import direction
from webapp.mail import looks, terminal, unsubscribing
from webapp.mail.blocks import Block, Gathering, isolated, line, unmarked
from webapp.mail.composing import Letter
from webapp.mail.office import office
from webapp.mail.rich import rich
from webapp.mail.rows import MailRow, Reader

# Beyond that nobody reads on, and some servers refuse.
LONGEST = 180
# Nobody would try by themselves: mails of programs are seldom read by anybody.
RULES = N_("Choose by which way you hear of what")
ANSWERED = N_("Answer this mail to comment.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter as it is sent; `stop` is the address that ends such mails, if one does."""

    subject: str
    text: str
    html: str
    stop: str


def draw(mail: MailRow, letter: Letter) -> Drawn:
    """Draw a letter for its reader, in the language that is spoken: their time."""
    gathering = Gathering(office().site)
    template = _words(language()).get_template(f"mail/{mail.kind}.txt")
    values = {**gathering.names(), **_times(mail.reader), "reader": mail.reader, **letter.values}
    context = template.new_context(values)
    subject = _subject("".join(template.blocks["subject"](context)))
    if left := "".join(template.blocks["lines"](context)).strip():
        mistake = f"{template.name}: this stands outside of all that is said: {left[:80]!r}"
        raise ValueError(mistake)
    stop = gathering.at(unsubscribing.path(mail.reader, letter.stop)) if letter.stop else ""
    footer = [line(letter.why)] if letter.why else []
    if letter.reply_to:
        footer.insert(0, _(ANSWERED))
    return Drawn(
        subject,
        terminal.text_of(gathering.blocks, _footer(footer, letter, stop), office().site),
        _html(subject, gathering.blocks, footer, letter, stop),
        stop,
    )


def _subject(text: str) -> str:
    subject = unmarked(line(text))
    return subject if len(subject) <= LONGEST else subject[: LONGEST - 1].rstrip() + "…"


def _footer(footer: list[str], letter: Letter, stop: str) -> list[str]:
    """Addresses stand in lines of their own."""
    ends = [_("%(what)s:", what=_(letter.stop.words)), stop] if letter.stop else []
    ends += [_("%(what)s:", what=_(RULES)), office().site + letter.rules] if letter.rules else []
    return [*footer, *(ends or ([] if footer else [office().site]))]


def _html(subject: str, blocks: list[Block], footer: list[str], letter: Letter, stop: str) -> str:
    return _page(language()).render(
        language=language(),
        direction=direction(language()),
        subject=subject,
        blocks=blocks,
        footer=footer,
        stop={"words": _(letter.stop.words), "link": stop} if letter.stop else None,
        rules={"words": _(RULES), "link": office().site + letter.rules} if letter.rules else None,
        site=office().site,
    )


def _times(reader: Reader) -> dict[str, Any]:
    """Times as they are where the reader is."""
    zone = zones.named(reader.time_zone)
    return {"moment": lambda at: moment_in(zone, at), "day": lambda at: day_in(zone, at)}


@cache
def _words(language: str) -> Environment:
    """For words: what is put in is text, and a template that names what nobody gave is a mistake."""
    return _environment(language, autoescape=False, finalize=isolated)


@cache
def _page(language: str) -> Template:
    environment = _environment(language, autoescape=True)
    environment.globals.update(look=looks.look, sheet=looks.sheet)
    environment.globals["rich"] = lambda source: rich(source, office().site)
    return environment.get_template("mail/_letter.html")


def _environment(language: str, **options: Any) -> Environment:
    loader = FileSystemLoader(ROOT / "templates")
    environment = Speaking(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Translating],
        **options,
    )
    environment.language = language
    environment.globals["_"] = _
    return environment
