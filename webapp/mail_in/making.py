"""What is made of a mail: a title, and a text with the files below it."""

import io
import re

from webapp.access import Viewer
from webapp.attachments import service as attachments
from webapp.errors import TooLarge, TooMany
from webapp.i18n import _, ngettext
from webapp.mail_in.reading import Letter
from webapp.projects.service import ProjectRow
from webapp.types import BODY_LIMIT, is_visible

LONGEST_TITLE = 200
# A line may stand above it that says who wrote it.
ABOVE = 400
# As much is shown to whoever decides about a mail.
SHOWN = 4_000


def body(project: ProjectRow, letter: Letter, by: Viewer) -> tuple[str, list[str]]:
    """The words with the files below them, and what is told about files that could not be kept."""
    kept, left = [], []
    for file in letter.files:
        try:
            kept.append(attachments.create(project, io.BytesIO(file.content), file.name, by).markdown)
        except (TooLarge, TooMany) as error:
            left.append(_("%(file)s was not kept: %(why)s", file=file.name, why=error))
    if letter.left_out:
        told = ngettext(
            "%(num)s more files were not kept: a mail may have %(most)s.",
            "%(num)s more files were not kept: a mail may have %(most)s.",
            letter.left_out,
            most=len(letter.files),
        )
        left.append(told)
    files = "\n\n".join(kept)
    told = _("The rest of the mail was too long.")
    rest = f"\n\n*{told}*"
    room = BODY_LIMIT - len(files) - len(rest) - ABOVE
    text = letter.words if len(letter.words) <= room else letter.words[:room] + rest
    return "\n\n".join(one for one in (text.strip("\n"), files) if one), left


def title(letter: Letter) -> str:
    """What an issue of this mail is called."""
    lines = (letter.subject, *letter.words.split("\n"), _("A mail without a subject"))
    said = next(line.strip() for line in lines if is_visible(line))
    return said if len(said) <= LONGEST_TITLE else said[: LONGEST_TITLE - 1].rstrip() + "…"


def beginning(letter: Letter) -> str:
    """So much of its words as is shown before something is made of them."""
    words = letter.words.strip("\n")
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1].rstrip()}…"


def plain(text: str) -> str:
    """A text of somebody else as words of a line in Markdown, that mean nothing there."""
    return re.sub(r"([\\`*_\[\]<>#!|~@])", r"\\\1", text[:200])
