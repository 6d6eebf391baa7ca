"""What a mail is made of: its words, and the files that hang on it. Odd MIME is read as well as it can be."""

from dataclasses import dataclass, field

from webapp.mail_in import heads
from webapp.mail_in.flowing import unflowed
from webapp.mail_in.heads import AnyMessage
from webapp.mail_in.rich import markdown_of

# More is nobody's letter.
DEEPEST, MOST_FILES = 20, 20
LONGEST = 200_000
# Only programs of mail look at these.
_NOBODYS = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
            "message/delivery-status", "text/rfc822-headers", "application/pgp-encrypted")  # fmt: skip


class TooMuch(Exception):
    """A mail has more in it than anybody writes; says of what."""


@dataclass(frozen=True, slots=True)
class File:
    """What hangs on a mail, and what it is called."""

    name: str
    content: bytes


@dataclass(slots=True)
class Content:
    """What somebody wrote, as text with all that they quoted, and the files with it."""

    texts: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    left_out: int = 0

    @property
    def text(self) -> str:
        return "\n\n".join(one.strip("\n") for one in self.texts if one.strip())[:LONGEST]


def content_of(message: AnyMessage) -> Content:
    """Take a mail apart. Raises TooMuch."""
    content = Content()
    _require_shallow(message, 0)
    if _inside(message) or _is_file(message, message.get_content_type(), is_all=True):
        _take(message, content)
    else:
        content.texts.append(_text(message, message.get_content_type()))
    return content


def _require_shallow(message: AnyMessage, depth: int) -> None:
    if depth > DEEPEST:
        raise TooMuch(f"Its parts lie in each other more than {DEEPEST} deep.")
    for one in _inside(message):
        _require_shallow(one, depth + 1)


def _take(part: AnyMessage, content: Content) -> None:
    kind = part.get_content_type()
    inside = _inside(part)
    if kind == "multipart/alternative" and inside:
        _take_one_of(inside, content)
    elif kind == "message/rfc822" or _is_file(part, kind):
        _keep(part, kind, content)
    elif inside:
        for one in inside:
            _take(one, content)
    elif kind not in _NOBODYS:
        content.texts.append(_text(part, kind))


def _take_one_of(choices: list[AnyMessage], content: Content) -> None:
    """The plain text, if it says something, else the last that can be read. Files in the others are kept, too."""
    read = []
    for one in choices:
        own = Content()
        _take(one, own)
        read.append((one.get_content_type() != "text/plain", own))
    said = [own for _, own in sorted(read, key=lambda one: one[0]) if own.text.strip()]
    content.texts += said[0].texts if said else []
    for _, own in read:
        content.files += own.files
        content.left_out += own.left_out


def _inside(part: AnyMessage) -> list[AnyMessage]:
    held = part.get_payload()
    return [one for one in held if not isinstance(one, str)] if isinstance(held, list) else []


def _is_file(part: AnyMessage, kind: str, *, is_all: bool = False) -> bool:
    """Where a text is all of the mail, a name alone makes no file of it. Parts without an end are text."""
    if kind in _NOBODYS or kind.startswith("multipart/") or _inside(part):
        return False
    is_text = kind in ("text/plain", "text/html")
    return not is_text or part.get_content_disposition() == "attachment" or (bool(_name(part)) and not is_all)


def _keep(part: AnyMessage, kind: str, content: Content) -> None:
    if len(content.files) >= MOST_FILES:
        content.left_out += 1
        return
    if inside := _inside(part):
        raw, ending = _source(inside[0]), ".eml"
    else:
        raw, ending = _bytes(part), ""
    if raw:
        content.files.append(File(_name(part) or f"{kind.partition('/')[0]}{ending}", raw))


def _name(part: AnyMessage) -> str:
    try:
        name = part.get_filename("") or ""
    except Exception:  # of a header that is no header, `email` raises whatever comes
        return ""
    return heads.decoded(name)


def _bytes(part: AnyMessage) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except Exception:  # the same of what is coded in a way that nothing is
        raw = None
    return raw if isinstance(raw, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")


def _source(message: AnyMessage) -> bytes:
    try:
        return message.as_bytes()
    except Exception:  # the same of one that was put together oddly
        return b""


def _text(part: AnyMessage, kind: str) -> str:
    raw = _bytes(part)[: 4 * LONGEST]
    text = heads.text_of(raw, _parameter(part, "charset")).replace("\r\n", "\n").replace("\r", "\n")[:LONGEST]
    if kind == "text/html":
        return markdown_of(text)
    if _parameter(part, "format").lower() == "flowed":
        return unflowed(text, deletes_blank=_parameter(part, "delsp").lower() == "yes")
    return text


def _parameter(part: AnyMessage, name: str) -> str:
    try:
        given = part.get_param(name) or ""
    except Exception:  # as above
        return ""
    return given if isinstance(given, str) else str(given[-1])
