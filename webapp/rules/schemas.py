from typing import Annotated, Any, Literal

from pydantic import Field

from webapp.types import UNSET, In, Out, example

WayName = Annotated[
    Literal["mail", "digest", "inbox", "nothing"],
    Field(description="mail: inbox and a mail at once; digest: inbox and digest; inbox: inbox alone; nothing."),
]
Hour = Annotated[int, Field(ge=0, le=23, description="An hour of the caller's own time zone.")]
RhythmName = Literal["hourly", "daily", "weekly"]
WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class NotificationsIn(In, json_schema_extra=example(commented="digest")):
    """Only what is sent is changed."""

    assigned: WayName = UNSET
    mentioned: WayName = UNSET
    commented: WayName = UNSET
    state: WayName = UNSET
    new_issue: WayName = UNSET
    query: WayName = UNSET
    changed: WayName = UNSET
    own_acts: Annotated[bool, Field(description="Hear of what one does oneself, too.")] = UNSET
    quiet_from: Annotated[
        Hour | None, Field(description="From this hour on mails wait; null for no quiet hours.")
    ] = UNSET
    quiet_to: Annotated[Hour | None, Field(description="Until this hour.")] = UNSET
    digest: RhythmName = UNSET
    digest_hour: Hour = UNSET
    digest_day: WeekdayName = UNSET

    @property
    def sent(self) -> dict[str, Any]:
        """What is to be changed."""
        return self.model_dump(exclude_unset=True)


class ExceptionIn(In, json_schema_extra=example(commented="nothing")):
    """Only what is sent is changed; null is as everywhere."""

    assigned: WayName | None = UNSET
    mentioned: WayName | None = UNSET
    commented: WayName | None = UNSET
    state: WayName | None = UNSET
    new_issue: WayName | None = UNSET
    query: WayName | None = UNSET
    changed: WayName | None = UNSET

    @property
    def sent(self) -> dict[str, Any]:
        """What is to be changed."""
        return self.model_dump(exclude_unset=True)


class ExceptionOut(Out):
    """By which ways the caller hears of a project; null where that is as everywhere."""

    project: str
    assigned: WayName | None
    mentioned: WayName | None
    commented: WayName | None
    state: WayName | None
    new_issue: WayName | None
    query: WayName | None
    changed: WayName | None


class NotificationsOut(Out):
    assigned: WayName
    mentioned: WayName
    commented: WayName
    state: WayName
    new_issue: WayName
    query: WayName
    changed: WayName
    own_acts: bool
    quiet_from: Hour | None
    quiet_to: Hour | None
    digest: RhythmName
    digest_hour: Hour
    digest_day: WeekdayName
    mail: Annotated[bool, Field(description="Whether mail is sent here at all.")]
    projects: Annotated[list[ExceptionOut], Field(description="Those for which something else was chosen.")]
