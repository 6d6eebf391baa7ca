"""The addresses that take mail here, all of one pattern: `cairn+{token}@example.org`.

A token is the key of a project, which anybody may know, or says who may answer about which issue. That one is signed,
and stands in a mail to that person alone; it ends when all their tokens end, as with a new password. It is of small
letters and digits, as some servers change the case of what they pass on.
"""

import base64
import hmac
import re
from dataclasses import dataclass

from webapp.config import Settings, mail_url
from webapp.config.keys import Ring

# Of what was said to some alone, the answer is for these alone, too: such an address begins with another letter.
_REPLY = re.compile(r"([rp])-([0-9a-f]{1,15})-([0-9a-f]{1,15})-([a-z2-7]{20})")
_KEY = re.compile(r"[a-z][a-z0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Reply:
    """Where somebody answers about an issue, if the token is right."""

    user_id: int
    issue_id: int
    mac: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class ProjectAddress:
    """Where a project takes what is to become an issue."""

    key: str


@dataclass(frozen=True, slots=True)
class Inlet:
    """What of the settings is about mail that comes in. Without a `pattern` there is none."""

    pattern: str | None
    keys: Ring
    authority: str | None
    most: int
    listens: tuple[str, int] | None = None


_inlet: Inlet | None = None


def configure(settings: Settings, keys: Ring) -> None:
    """Read the settings; `keys` sign tokens."""
    global _inlet
    # What is attached grows by a third on the way, and there may be two of the largest.
    most = 3 * settings.upload_limit_mb * 1024 * 1024
    _inlet = Inlet(settings.mail_in_address, keys, settings.mail_in_authority, most, _place(settings))


def _place(settings: Settings) -> tuple[str, int] | None:
    return mail_url.listening(settings.mail_in) if settings.mail_in is not None else None


def inlet() -> Inlet:
    """Raises RuntimeError before the settings were read."""
    if _inlet is None:
        raise RuntimeError("There is no application yet.")
    return _inlet


def reply_address(user_id: int, issue_id: int, epoch: int, *, private: bool = False) -> str:
    """Where this person answers about this issue, in private or not; empty where no mail is taken."""
    mac = _written(inlet().keys.mac(_said(user_id, issue_id, epoch, private=private)))
    return _filled(f"{'p' if private else 'r'}-{user_id:x}-{issue_id:x}-{mac}")


def project_address(key: str) -> str:
    """Where a project takes mail; empty where none is taken."""
    return _filled(key.lower())


def meant(recipient: str) -> Reply | ProjectAddress | None:
    """What an address here is for; None for one that is none of ours."""
    token = _token(recipient)
    if found := _REPLY.fullmatch(token):
        return Reply(int(found[2], 16), int(found[3], 16), found[4], private=found[1] == "p")
    return ProjectAddress(token.upper()) if _KEY.fullmatch(token) else None


def is_signed(reply: Reply, epoch: int) -> bool:
    """Whether the token is ours, and was not ended since."""
    macs = inlet().keys.macs(_said(reply.user_id, reply.issue_id, epoch, private=reply.private))
    return any(hmac.compare_digest(reply.mac, _written(mac)) for mac in macs)


def _said(user_id: int, issue_id: int, epoch: int, *, private: bool) -> str:
    return f"reply {user_id} {issue_id} {epoch}{' private' if private else ''}"


def _written(mac: bytes) -> str:
    return base64.b32encode(mac).decode().lower()[:20]


def _filled(token: str) -> str:
    pattern = inlet().pattern
    return pattern.replace("{token}", token) if pattern else ""


def _token(recipient: str) -> str:
    """What stands in an address in the place of the token; empty for an address of another pattern."""
    before, _, after = (inlet().pattern or "").lower().partition("{token}")
    address = recipient.strip().strip("<>").lower()
    if not after or not (address.startswith(before) and address.endswith(after)):
        return ""
    return address[len(before) : len(address) - len(after)]
