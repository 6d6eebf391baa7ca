"""By which way people want to hear of what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model


class Choice(StrEnum):
    """By which way: whatever is mailed, at once or with the digest, is in the inbox too."""

    MAIL = "mail"
    DIGEST = "digest"
    INBOX = "inbox"
    NOTHING = "nothing"


class Rhythm(StrEnum):
    """How often the digest comes."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_DAYS = ", ".join(f"'{day}'" for day in Weekday)


class NotificationSettings(Model):
    """What somebody chose; who chose nothing has no row. Hours are those of their own zone.

    `ways` has the choice for each kind of news that is not heard as everybody hears it. `digested_at` is the last
    time for a digest that is dealt with, so that none comes twice.
    """

    __tablename__ = "notification_settings"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    ways: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    own_acts: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]
    digest: Mapped[str] = mapped_column(server_default=Rhythm.DAILY, default=Rhythm.DAILY)
    digest_hour: Mapped[int] = mapped_column(server_default=text("8"), default=8)
    digest_day: Mapped[str] = mapped_column(server_default=Weekday.MONDAY, default=Weekday.MONDAY)
    digested_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("digest IN ('hourly', 'daily', 'weekly')", name="digest"),
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour"),
        CheckConstraint(f"digest_day IN ({_DAYS})", name="digest_day"),
        CheckConstraint(
            "(quiet_from IS NULL AND quiet_to IS NULL)"
            " OR (quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23 AND quiet_from <> quiet_to)",
            name="quiet",
        ),
    )


class NotificationException(Model):
    """What somebody chose for one project. Whoever has such a row has one in `notification_settings`."""

    __tablename__ = "notification_exceptions"

    user_id: Mapped[int] = mapped_column(ForeignKey("notification_settings.user_id"), primary_key=True)
    project_id: Mapped[int] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    ways: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
