"""Queries about links in mails."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, and_, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from webapp import hashing
from webapp.auth.passwords import NONE
from webapp.db import db
from webapp.links.rows import Address, Claim
from webapp.models.account_tokens import AccountToken, Purpose
from webapp.models.accounts import User, is_nameless
from webapp.reading import read

LASTS = {
    Purpose.REGISTER: timedelta(days=1),
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.MOVE: timedelta(days=1),
    Purpose.UNDO: timedelta(hours=72),
    Purpose.CLAIM: timedelta(days=14),
}
# A link that is over still says so for a while.
KEPT = timedelta(days=30)


def person_at(email: str) -> User | None:
    """Who has this address, in any case, and logs in with a password."""
    same = func.lower(User.email) == func.lower(email)
    return db.session.scalar(select(User).where(same, User.password_hash.is_not(None), User.password_hash != NONE))


def address_of(user_id: int) -> Address:
    """The address of a person."""
    row = read(select(User.email, User.email_confirmed_at).where(User.id == user_id)).one()
    return Address(row.email or "", row.email_confirmed_at)


def confirm(user_id: int, email: str) -> None:
    """Somebody reads what is sent to this address, if it is theirs still."""
    theirs = User.id == user_id, func.lower(User.email) == func.lower(email), User.email_confirmed_at.is_(None)
    db.session.execute(update(User).where(*theirs).values(email_confirmed_at=func.now()))


def end_former(purpose: Purpose, email: str) -> None:
    """The links of this purpose that went to the address until now are worth nothing any more."""
    _end(AccountToken.purpose == purpose, func.lower(AccountToken.email) == func.lower(email))


def end_of(user_id: int, *purposes: Purpose, since: int = 0) -> None:
    """The same for those of a person; of those that came after the one with the number `since`."""
    _end(AccountToken.user_id == user_id, AccountToken.purpose.in_(purposes), AccountToken.id >= since)


def add(
    purpose: Purpose,
    email: str,
    token: str,
    *,
    of: tuple[int, int | None] | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Remember a link; `of` are the id and the epoch of whose account it is about."""
    user_id, epoch = of or (None, None)
    values = {
        "purpose": purpose,
        "email": email,
        "token_hash": hashing.of_token(token),
        "user_id": user_id,
        "epoch": epoch,
    }
    made = insert(AccountToken).values(**values, data=data or {}, expires_at=func.now() + LASTS[purpose])
    db.session.execute(made)


def presented(purpose: Purpose, token: str, *, locked: bool = False) -> AccountToken | None:
    """The link as it is now, if it still holds."""
    wanted = select(AccountToken).where(
        AccountToken.token_hash == hashing.of_token(token),
        AccountToken.purpose == purpose,
        AccountToken.used_at.is_(None),
        AccountToken.expires_at > func.now(),
    )
    found = wanted.with_for_update() if locked else wanted
    return db.session.scalar(found.execution_options(populate_existing=True))


def claim_of(user_id: int) -> Claim | None:
    """The last link by which somebody could be this imported person, unless it was used or taken back."""
    over = AccountToken.expires_at <= func.now()
    shown = select(AccountToken.email, AccountToken.created_at, AccountToken.expires_at, over)
    its = AccountToken.user_id == user_id, AccountToken.purpose == Purpose.CLAIM, AccountToken.used_at.is_(None)
    row = read(shown.where(*its).order_by(AccountToken.id.desc()).limit(1)).one_or_none()
    return Claim(*row) if row else None


def is_claimed_by(email: str) -> bool:
    """Whether such a link went to this address by mail, in any case, and would be taken if it were followed now.

    So whom it is about has not come yet, and who sent it is still an administrator who can log in.
    """
    meant, sender = aliased(User), aliased(User)
    same = func.lower(AccountToken.email) == func.lower(email), AccountToken.purpose == Purpose.CLAIM
    holds = AccountToken.used_at.is_(None), AccountToken.expires_at > func.now()
    mailed = AccountToken.data["mailed"].as_boolean()
    link = select(AccountToken.id).where(*same, *holds, mailed)
    waits = meant.id == AccountToken.user_id, meant.password_hash.is_(None), meant.token_epoch == AccountToken.epoch
    link = link.join(meant, and_(*waits, ~is_nameless(meant)))
    sent = sender.id == AccountToken.data["by"].astext.cast(BigInteger), sender.is_admin, sender.is_active
    return read(select(link.join(sender, and_(*sent)).exists())).scalar() is True


def person(user_id: int | None, *, locked: bool = False) -> User | None:
    """Somebody as they are now. Locked not against those who only refer to them: they may hold a link."""
    if user_id is None:
        return None
    lock = {"key_share": True} if locked else None
    return db.session.get(User, user_id, with_for_update=lock, populate_existing=True)


def is_taken(email: str) -> bool:
    """Whether somebody has this address, in any case."""
    same = select(User.id).where(func.lower(User.email) == func.lower(email))
    return db.session.scalar(select(same.exists())) is True


def flush() -> None:
    """Have the database see what was changed; it refuses an address that somebody else has just taken."""
    db.session.flush()


def use(link: AccountToken) -> None:
    """It was followed; what was asked for with it is done, and nobody's business any more."""
    values = {"used_at": func.now(), "data": {}}
    db.session.execute(update(AccountToken).where(AccountToken.id == link.id).values(values))


def clear() -> None:
    """Forget those that are over for long, and at once what else was asked for with one that is over."""
    over = AccountToken.expires_at < func.now()
    db.session.execute(delete(AccountToken).where(AccountToken.expires_at < func.now() - KEPT))
    db.session.execute(update(AccountToken).where(over, AccountToken.data != {}).values(data={}))


def _end(*which: Any) -> None:
    unused = update(AccountToken).where(*which, AccountToken.used_at.is_(None))
    db.session.execute(unused.values(used_at=func.now(), data={}))
