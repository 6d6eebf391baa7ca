from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from webapp.types import In, Out

Days = Annotated[Literal[30, 90, 364], BeforeValidator(lambda said: int(said) if f"{said}".isdecimal() else said)]


class ChartsQuery(In):
    days: Annotated[Days, Field(description="How far to look back; by weeks beyond 90 days.")] = 90


class Times(Out):
    """Days that half, and 85 of 100, of some issues took at most. None, if there are none."""

    half: float | None
    most: float | None


class SpanOut(Out):
    """Some days, both included, as UTC has them."""

    first: date
    last: date
    created: int
    closed: int
    lead: Times = Field(description="From being opened to being closed.")
    cycle: Times = Field(description="From being started to being closed.")


class FlowOut(Out):
    """How many issues were in a status at the end of each span."""

    status: str
    category: str
    counts: list[int]


class ChartsOut(Out):
    spans: list[SpanOut]
    flow: list[FlowOut]
    lead: Times
    cycle: Times
    timed: int = Field(description="How many issues the times are of: those closed last, at most 1,000.")
