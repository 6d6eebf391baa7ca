"""What is left of what somebody may do only so often."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """`most` in a `window` of seconds: `left` now, and all of it again in so many seconds, if nothing is taken."""

    name: str
    most: int
    window: int
    left: int
    whole_in: int
