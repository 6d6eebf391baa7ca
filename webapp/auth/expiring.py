"""When a token ends that somebody makes: after some days, or with a day."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import Field

from webapp import clock, zones
from webapp.access import Viewer
from webapp.errors import Invalid
from webapp.i18n import Whole, _
from webapp.types import In

LONGEST = 366  # days
# So long before the end of a token its owner hears of it.
WARNED = timedelta(days=7)
# What forms offer.
OFFERED = (7, 30, 90, 365)


class Expiring(In):
    """A day counts before the number of days."""

    days: Annotated[int | None, Field(ge=1, le=LONGEST, description="After so many days it ends.")] = None
    expires_on: Annotated[
        date | None, Field(description="Or its last day, in your time zone; within a year.", examples=[None])
    ] = None


def end_of(draft: Expiring, by: Viewer, default: int) -> datetime:
    """When the token ends. Raises Invalid for a day that is over, or too far."""
    now = clock.now()
    if draft.expires_on is None:
        return now + timedelta(days=draft.days or default)
    zone = zones.named(by.time_zone)
    today = now.astimezone(zone).date()
    if not today <= draft.expires_on < today + timedelta(days=LONGEST):
        raise Invalid.on("expires_on", Whole(_("The last day must be today or a day within a year.")))
    return datetime.combine(draft.expires_on + timedelta(days=1), time(), zone)
