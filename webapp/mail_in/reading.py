"""A mail as it came, read: who wrote what, and whether a person did."""

import re
from dataclasses import dataclass
from hashlib import sha256

from webapp.mail_in import heads
from webapp.mail_in.cutting import own_words
from webapp.mail_in.heads import AnyMessage
from webapp.mail_in.orders import Order, parted
from webapp.mail_in.parsing import Unreadable, head_of
from webapp.mail_in.parts import File, TooMuch, content_of
from webapp.types import is_visible

_PROGRAMS = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(\+[^@]*)?@")
_ANSWERS = "re|aw|antw|sv|vs|rv|rif|odp|fwd?|wg|tr"
_SUBJECT_MARKS = re.compile(rf"^(?:(?:{_ANSWERS})\s*(?:\[\d+\]\s*)?[:\uff1a]\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person sent: their own words, files, and what the last lines ask for."""

    sender: str
    subject: str
    words: str
    orders: list[Order]
    files: list[File]
    left_out: int

    @property
    def is_empty(self) -> bool:
        return not (self.orders or self.files or is_visible(self.words))


def digest(source: bytes, recipient: str) -> bytes:
    """What is the same for a mail that comes again. Without a Message-ID, it is all of it."""
    known = heads.plain(head_of(source), "message-id")
    return sha256(f"{recipient.strip('<> ').lower()}\n{known}".encode() + (b"" if known else source)).digest()


def automatic(message: AnyMessage, own_host: str) -> str:
    """Why this was sent by a program, which must not be answered; empty for a person's."""
    said = heads.plain(message, "auto-submitted")
    if said and said.split(";")[0].strip() != "no":
        return "It says that a program sent it (Auto-Submitted)."
    if heads.plain(message, "precedence") in ("bulk", "junk", "list", "auto_reply"):
        return "It was sent to many, or by a program (Precedence)."
    if any(heads.plain(message, name) for name in ("x-autoreply", "x-autorespond", "x-auto-reply-from")):
        return "It is an automatic answer."
    if heads.plain(message, "return-path") == "<>":
        return "It is a report on a mail that could not be delivered."
    if message.get_content_type() == "multipart/report":
        return "It is a report of a mail server."
    return _loops(message, own_host)


def letter_of(message: AnyMessage) -> Letter:
    """Raises Unreadable."""
    senders = heads.addresses(message, "from")
    if len(senders) != 1:
        raise Unreadable("It does not say who wrote it: there is not one address in From.")
    try:
        content = content_of(message)
    except (TooMuch, RecursionError) as error:
        raise Unreadable(str(error) if isinstance(error, TooMuch) else "It cannot be read.") from None
    words, orders = parted(own_words(content.text.replace("\0", "")))
    subject = _SUBJECT_MARKS.sub("", heads.value(message, "subject"))
    return Letter(senders[0], subject, words, orders, content.files, content.left_out)


def is_authentic(message: AnyMessage, authority: str) -> bool:
    """Whether the mail server of this name says that DMARC holds. Only its line at the top: below stand others'."""
    line = heads.plain(message, "authentication-results")
    said = re.sub(r"\([^()]*\)", "", line).split(";")
    return said[0].split()[:1] == [authority.lower()] and any(one.split()[:1] == ["dmarc=pass"] for one in said[1:])


def _loops(message: AnyMessage, own_host: str) -> str:
    """Our own mail comes back, or a program writes that does not say so."""
    own = f"@{own_host}>"
    if heads.plain(message, "message-id").endswith(own) or heads.plain(message, "list-id").endswith(f".{own_host}>"):
        return "It is a mail of this Cairn."
    if heads.plain(message, "x-loop"):
        return "It goes in a circle (X-Loop)."
    if any(_PROGRAMS.match(one) for one in heads.addresses(message, "from")):
        return "It comes from an address that nobody reads."
    return ""
