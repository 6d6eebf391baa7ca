from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, false, func, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now, sort_key_of

# Whoever an import does not name, each by an origin of its own: many people, of whom nobody knows who they are. Of an
# archive that does not say who did it, and of GitHub, which says so of all who left.
UNSAID, GHOST = "unsaid", "github:ghost"
NAMELESS = UNSAID, GHOST


class User(Model):
    """A person. Without a password they cannot log in: an imported author is such a placeholder."""

    __tablename__ = "users"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    name: Mapped[str]
    sort_key: Mapped[str | None] = sort_key_of("name")
    # How texts name them, as in @ada; lower case.
    handle: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column()
    # Since when it is known that they read what is sent to the address: a link in a mail was followed, or whoever
    # runs Cairn made the account.
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    is_admin: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    # Whether a password alone is not enough; as the tables of webapp/models/factors.py have it.
    has_factor: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    # Raised to cut off every token of this person at once.
    token_epoch: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # The picture that they uploaded, as it lies among the files.
    avatar: Mapped[str | None] = mapped_column(unique=True)
    # Where an imported person came from, e.g. "github:octocat", so that a second import finds them.
    origin: Mapped[str | None] = mapped_column(unique=True)
    # An IANA name. What happens at a time is shown in it; what is stored and sent as JSON is in UTC.
    time_zone: Mapped[str] = mapped_column(server_default="UTC", default="UTC")
    # That they saved it: UTC is what they have before, too.
    zone_chosen: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    # A code of webapp/i18n/languages.py that they chose to read; else their browsers say it.
    language: Mapped[str | None]
    created_at: Mapped[Now]

    __table_args__ = (Index("users_email_key", func.lower(email), unique=True),)


class FormerUser(Model):
    """An account that became a part of another one. What was said under its number and handle leads there."""

    __tablename__ = "former_users"

    # The number that the account had.
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Nobody else can take it while this leads to somebody.
    handle: Mapped[str | None] = mapped_column(unique=True)
    # A second import finds the person by it.
    origin: Mapped[str | None] = mapped_column(unique=True)
    merged_at: Mapped[Now]


def has_number(user_id: Any) -> ColumnElement[bool]:
    """Whether somebody's account has this number, or one had it that was merged into theirs."""
    former = select(FormerUser.user_id).where(FormerUser.id == user_id)
    return or_(User.id == user_id, User.id == former.scalar_subquery())


def has_handle(handle: Any) -> ColumnElement[bool]:
    """Whether somebody is called so in texts, or was before their account was merged into the one they have."""
    former = select(FormerUser.user_id).where(FormerUser.handle == handle)
    return or_(User.handle == handle, User.id == former.scalar_subquery())


def is_nameless(person: type[User] = User) -> ColumnElement[bool]:
    """Whether they stand for all whom an import does not name."""
    origins = or_(*(person.origin == one for one in NAMELESS))
    return func.coalesce(origins, false()) & person.password_hash.is_(None)


# What says who somebody is, as they act: `Viewer.of` takes it.
ACTING = (
    User.id, User.name, User.email, User.created_at, User.is_admin, User.time_zone, User.handle, User.language,
    User.zone_chosen, User.has_factor,
)  # fmt: skip
