from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from webapp.sso.rows import IdentityRow

State = Literal["active", "deactivated", "administrators", "no_factor", "imported"]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Somebody's account, in the order of its columns. Who was imported cannot log in, and has no address.

    Who is nameless stands for all whom an import does not name, and is nobody's to be.
    """

    id: int
    name: str
    handle: str | None
    email: str | None
    is_active: bool
    is_admin: bool
    has_factor: bool
    is_imported: bool
    is_nameless: bool
    created_at: datetime
    sort_key: str


@dataclass(frozen=True, slots=True)
class AccountDetail(AccountRow):
    """The same, with the logins elsewhere by which they come in, the oldest first."""

    identities: Sequence[IdentityRow] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """What somebody made in some days that would go into the trash, or went; `later` if a worker does that."""

    issues: int
    comments: int
    archived: int
    last_days: int = 0
    later: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """By how many ways somebody is in at present: logins, and personal access tokens."""

    logins: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """What somebody has, each counted: what another account gets of it, and then the keys that end with theirs."""

    issues: int
    comments: int
    assigned: int
    memberships: int
    owned: int
    watches: int
    inbox: int
    views: int
    reactions: int
    mentions: int
    files: int
    identities: int
    sign_ins: int
    feed_tokens: int
    factors: int


@dataclass(frozen=True, slots=True)
class Merging:
    """An account that is to become a part of another, which is None until it is named.

    `password_of` is what the directory is called, if its password becomes that of the account that stays.
    """

    account: AccountRow
    into: AccountRow | None
    belongings: Belongings
    password_of: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """Somebody imported, as whoever holds a link that makes them that person sees them."""

    name: str
    email: str
    issues: int
    comments: int
    assigned: int
    expires_at: datetime
