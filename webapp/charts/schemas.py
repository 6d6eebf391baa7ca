from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from webapp.types import In, Out

Days = Annotated[float | None, Field(description="Days; null where nothing was completed.")]


class ChartsQuery(In):
    days: Annotated[Literal["30", "91", "364"], Field(description="How far back; weeks beyond a month.")] = "91"


class StretchOut(Out):
    first: date
    last: date


class FlowOut(Out):
    """How many issues were in a status at the end of each stretch."""

    status: str
    category: str
    numbers: list[int]


class ChartsOut(Out):
    """What happened in each stretch, a day or a week in UTC. `lead` is from opened to done, `cycle` from begun."""

    stretches: list[StretchOut]
    created: list[int]
    closed: list[int]
    flow: list[FlowOut]
    lead: list[Days]
    cycle: list[Days]


class BurnUpOut(Out):
    """How many issues a milestone held at the end of each stretch, and how many were closed."""

    stretches: list[StretchOut]
    scope: list[int]
    done: list[int]
