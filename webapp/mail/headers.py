"""The head of a mail. Every value is one line of ASCII, or several as RFC 5322 folds them: whatever somebody calls
themselves or an issue, it never begins a header.
"""

import re
from email.header import Header
from email.utils import format_datetime
from urllib.parse import urlsplit

from webapp import clock
from webapp.i18n import N_
from webapp.mail.blocks import line
from webapp.mail.composing import Letter
from webapp.mail.drawing import Drawn
from webapp.mail.office import Office
from webapp.mail.rows import MailRow

FOLDED = "\r\n"
# What may stand as it is. "=?" would be read as a coded word, also within quotation marks.
_PLAIN = re.compile(r"(?!.*=\?)[ -~]*")
# Beyond ASCII is only an address that is, which goes to servers that know such.
_WHOLE = re.compile(r"[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]|\r\n [^\x00-\x1f\x7f])*")
_ADDRESS = re.compile(r"[^\s\x00-\x20\x7f<>@(),;:\"\\]+@[^\s\x00-\x20\x7f<>@(),;:\"\\]+")

NONE = N_("The address is none that mail can be sent to.")


class NoAddress(ValueError):
    """What should be an address of mail is none."""


def head_of(mail: MailRow, letter: Letter, drawn: Drawn, office: Office) -> str:
    """All headers but those that tell of the body. Raises NoAddress for a reader that cannot be reached."""
    headers = {
        "Date": format_datetime(clock.now()),
        "From": mailbox(
            f"{letter.by} ({office.sender.name})" if letter.by else office.sender.name, office.sender.address
        ),
        "To": mailbox(mail.reader.name, mail.reader.address),
        "Subject": coded("Subject", drawn.subject),
        "Message-ID": mail.message_id,
        **_thread(letter, office),
        **_list(letter, drawn, office),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",  # what Exchange asks before it says that somebody is away
    }
    if letter.reply_to:
        headers["Reply-To"] = mailbox("", letter.reply_to)
    return "".join(f"{name}: {_checked(value)}{FOLDED}" for name, value in headers.items())


def root(thread: str, host: str) -> str:
    """What all mails of a thread answer. It is never sent itself: whoever comes later has the same."""
    return f"<{re.sub('[^A-Za-z0-9.-]', '-', thread)}@{host}>"


def coded(name: str, text: str) -> str:
    """A text as the value of a header, coded where it is not plain, and folded."""
    text = line(text)
    charset = "us-ascii" if _PLAIN.fullmatch(text) else "utf-8"
    return Header(text, charset, header_name=name).encode(linesep=FOLDED)


def mailbox(name: str, address: str) -> str:
    """An address with a name before it, if there is one. Raises NoAddress."""
    if not _ADDRESS.fullmatch(address):
        raise NoAddress(NONE)
    address = ascii_address(address)
    return f"{_phrase(name)} <{address}>" if line(name) else address


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII; what is before it may not be."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise NoAddress(NONE) from None


def _phrase(name: str) -> str:
    name = line(name)[:100]
    if _PLAIN.fullmatch(name) and len(name) <= 60:
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        return f'"{quoted}"'
    return Header(name, "utf-8", header_name="Reply-To").encode(linesep=FOLDED)


def _thread(letter: Letter, office: Office) -> dict[str, str]:
    if not letter.thread:
        return {}
    first = root(letter.thread, office.host)
    return {"In-Reply-To": first, "References": first}


def _list(letter: Letter, drawn: Drawn, office: Office) -> dict[str, str]:
    headers = {}
    if letter.mailing_list is not None:
        key = re.sub("[^a-z0-9-]", "-", letter.mailing_list.key.lower())
        headers["List-Id"] = f"{_phrase(letter.mailing_list.name)} <{key}.{office.host}>"
    if drawn.stop:
        headers["List-Unsubscribe"] = f"<{drawn.stop}>"
        # Only where the address is https: RFC 8058 asks for that.
        if urlsplit(drawn.stop).scheme == "https":
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _checked(value: str) -> str:
    """The value, unless it would end its header: a mistake of ours, which must not become a mail."""
    if not _WHOLE.fullmatch(value):
        mistake = "A header would not be whole."
        raise ValueError(mistake)
    return value
