from datetime import datetime

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now, sort_key_of


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


# What says who somebody is, as they act: `Viewer.of` takes it.
ACTING = (
    User.id, User.name, User.email, User.created_at, User.is_admin, User.time_zone, User.handle, User.language,
    User.zone_chosen,
)  # fmt: skip
