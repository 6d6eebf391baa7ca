"""What a mail says is found out when it is sent, by a composer of its kind: as things and rights are then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.i18n import N_
from webapp.mail.rows import MailRow
from webapp.models.mails import State


@dataclass(frozen=True, slots=True)
class MailingList:
    """What mails belong together for a reader who sorts them; `key` is part of a name, as of a host."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Stop:
    """What ends mails like this one with one click: a way of `unsubscribing`, what it takes, and the link's words."""

    way: str
    values: Mapping[str, Any]
    words: str = N_("Stop mails like this")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told, beside the template of its kind: `values` for that, and what stands around it.

    `thread` is the same for all mails that belong together, like `issue-12`; `by` is shown as who writes. `why` is a
    sentence on why the reader gets it. `reply_to` takes answers. `rules` is the path of the page where the
    reader says by which way they hear of things like this.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""
    by: str = ""
    why: str = ""
    mailing_list: MailingList | None = None
    stop: Stop | None = None
    reply_to: str = ""
    rules: str = ""


Compose = Callable[[MailRow], Letter | None]
# Is told the id of a mail that will not be tried again, what became of it, and what was said to it; or that one which
# was given up waits again.
Ended = Callable[[int, State, str], None]


@dataclass(frozen=True, slots=True)
class Composer:
    """`is_secret`: what the mail is made of is erased as soon as it is sent, like a token in a link.

    `is_own`: it is about the reader's account, and goes also to an address that is not confirmed.
    """

    compose: Compose
    is_secret: bool
    ended: Ended | None = None
    is_own: bool = False


_composers: dict[str, Composer] = {}


def composes(
    kind: str, *, is_secret: bool = False, is_own: bool = False, ended: Ended | None = None
) -> Callable[[Compose], Compose]:
    """Register who composes the mails of a kind, which `templates/mail/<kind>.txt` puts into words.

    It is handed the mail, and returns None for one that must not be sent any more. `ended` hears what became of each,
    in the transaction that notes it.
    """

    def register(compose: Compose) -> Compose:
        _composers[kind] = Composer(compose, is_secret, ended, is_own)
        return compose

    return register


def composer(kind: str) -> Composer | None:
    """Who composes mails of this kind; None if nobody here knows it."""
    return _composers.get(kind)
