"""Ending mails with one click and without a login, as RFC 8058 has it: a token does one thing for one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from webapp.errors import NotFound
from webapp.i18n import _
from webapp.mail.composing import Stop
from webapp.mail.office import office
from webapp.mail.rows import Reader

Act = Callable[..., None]
Tell = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Way:
    """`act` ends something for a person; `tell` says what, as "mails about WALL-3"."""

    act: Act
    tell: Tell


@dataclass(frozen=True, slots=True)
class Ending:
    """What a token ends, for whom."""

    way: Way
    user_id: int
    values: Mapping[str, Any]

    def told(self) -> str:
        """What it ends, in words."""
        return self.way.tell(self.user_id, **self.values)

    def carry_out(self) -> None:
        """End it; a second time changes nothing."""
        self.way.act(self.user_id, **self.values)


_ways: dict[str, Way] = {}


def ends(way: str, tell: Tell) -> Callable[[Act], Act]:
    """Register what ends the mails of a `Stop` of this way. Both are given the person's id, and the stop's values."""

    def register(act: Act) -> Act:
        _ways[way] = Way(act, tell)
        return act

    return register


def path(reader: Reader, stop: Stop) -> str:
    """Where these mails are ended for their reader. Raises LookupError for a way that nobody has registered."""
    if stop.way not in _ways or reader.id is None:
        raise LookupError(f"Nobody ends mails by the way {stop.way}.")
    return f"/mail/stop/{_signer().dumps([reader.id, stop.way, dict(stop.values)])}"


def ending(token: str) -> Ending:
    """What a token ends. Raises NotFound for one that is none of ours."""
    try:
        user_id, way, values = _signer().loads(token)
        return Ending(_ways[way], user_id, values)
    except (BadSignature, KeyError, ValueError):
        raise NotFound(_("This link is not whole, or no longer of any use.")) from None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(office().keys.oldest_first, salt="stop")
