"""How to reach the server that takes mail, from whom mail comes, and where it comes in, as the settings tell it."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

PORTS = {"smtp": 587, "smtps": 465}
LONGEST = 10.0  # seconds that one mail may take
# Of an intranet, perhaps: whether the name has a dot is its server's business.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
FORM = "must be like smtp://user:password@mail.example.org:587"
LOCAL = ("localhost", "127.0.0.1", "::1")


class Tls(StrEnum):
    """When a connection is encrypted."""

    ALWAYS = "always"  # from its first byte: smtps
    REQUIRED = "required"  # by STARTTLS, with a certificate that is right, or not at all
    OFFERED = "offered"  # by STARTTLS if the server has it, whatever its certificate
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int
    user: str
    password: str
    tls: Tls
    timeout: float

    def __repr__(self) -> str:
        """Without the password: it may come into a log."""
        return f"MailServer({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom mail comes."""

    name: str
    address: str


def server(url: str) -> MailServer:
    """What a MAIL_URL says. Raises ValueError, without repeating what may be a secret."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", _port(parts)
        asked = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except (ValueError, KeyError):
        raise ValueError(FORM) from None
    if not host or not port or parts.path.strip("/") or parts.fragment:
        raise ValueError(FORM)
    if unknown := asked.keys() - {"timeout", "tls"}:
        raise ValueError(f"must not have {min(unknown)}: only timeout and tls may stand behind the ?")
    user, password = _login(parts)
    tls = _tls(parts.scheme, asked.get("tls"), is_secret=bool(user) and host not in LOCAL)
    return MailServer(host, port, user, password, tls, _timeout(asked.get("timeout")))


def sender(text: str) -> Sender:
    """What a MAIL_FROM says: an address, with a name before it perhaps. Raises ValueError."""
    name, address = parseaddr(text)
    if not _ADDRESS.fullmatch(address):
        raise ValueError("must be like Cairn <cairn@example.org>")
    return Sender(" ".join(name.split()) or "Cairn", address)


class Incoming(BaseSettings):
    """The settings about mail that comes in."""

    mail_in_address: str | None = Field(
        None, description="Where Cairn takes mail, like cairn+{token}@example.org; unset: nowhere."
    )
    mail_in: str | None = Field(
        None, description="Where the worker listens for a mail server, like lmtp://127.0.0.1:8024."
    )
    mail_in_authority: str | None = Field(
        None,
        description="Mail server, as Authentication-Results names it, that must say dmarc=pass of what comes in.",
    )

    @field_validator("mail_in_address")
    @classmethod
    def _has_a_place_for_a_token(cls, value: str | None) -> str | None:
        if value is not None:
            _require_pattern(value)
        return value

    @field_validator("mail_in")
    @classmethod
    def _is_a_place_to_listen(cls, value: str | None) -> str | None:
        if value is not None:
            listening(value)
        return value

    @model_validator(mode="after")
    def _what_is_listened_for_has_an_address(self) -> "Incoming":
        if self.mail_in is not None and self.mail_in_address is None:
            raise ValueError("MAIL_IN_ADDRESS: must be set with MAIL_IN, like cairn+{token}@example.org")
        return self


def listening(url: str) -> tuple[str, int]:
    """The host and port that a MAIL_IN says. Raises ValueError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or url not in (f"lmtp://{host}:{port}", f"lmtp://[{host}]:{port}"):
        raise ValueError("must be like lmtp://127.0.0.1:8024")
    return host, port


def _require_pattern(text: str) -> None:
    local, _, domain = text.partition("@")
    if local.count("{token}") != 1 or "{" in domain or not _ADDRESS.fullmatch(text.replace("{token}", "token")):
        raise ValueError("must be an address with {token} before its @, like cairn+{token}@example.org")
    if len(local) > 64 - 50 + len("{token}"):
        raise ValueError("must leave 50 characters of the 64 before its @ for the token")


def _port(parts: SplitResult) -> int:
    """0 for one that none can be. Raises KeyError for a scheme that is not ours."""
    usual = PORTS[parts.scheme]
    return usual if parts.port is None else parts.port


def _login(parts: SplitResult) -> tuple[str, str]:
    if bool(parts.username) != bool(parts.password):
        raise ValueError("must have both a user and a password, or neither")
    return unquote(parts.username or ""), unquote(parts.password or "")


def _tls(scheme: str, asked: str | None, *, is_secret: bool) -> Tls:
    """A password goes to another machine only where nobody can read it, unless somebody says otherwise."""
    if scheme == "smtps":
        if asked is not None:
            raise ValueError("must not have tls: smtps:// is always encrypted")
        return Tls.ALWAYS
    if asked is None:
        return Tls.REQUIRED if is_secret else Tls.OFFERED
    if asked not in (Tls.REQUIRED, Tls.OFFERED, Tls.NONE):
        raise ValueError("must have required, offered or none as tls")
    return Tls(asked)


def _timeout(asked: str | None) -> float:
    try:
        seconds = LONGEST if asked is None else float(asked)
    except ValueError:
        seconds = 0
    if not 1 <= seconds <= 60:
        raise ValueError("must have 1 to 60 seconds as timeout")
    return seconds
