"""Time zones by the names that IANA gives them: those of this machine, else those of the package tzdata."""

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

# The names of places. Others are former names and offsets, which are understood but not offered.
REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


def is_known(name: str) -> bool:
    return name in _all()


def named(name: str) -> tzinfo:
    """The zone; UTC for one that this machine does not know, as a name may come from another."""
    if name == "UTC" or not is_known(name):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def offered(present: str) -> list[tuple[str, str]]:
    """The zones to choose from, each with how it is shown: UTC, those of places, and the present one."""
    names = sorted({"UTC", present, *_places()}, key=lambda name: (name != "UTC", name))
    return [(name, name.replace("_", " ")) for name in names]


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})


@lru_cache(maxsize=1)
def _places() -> tuple[str, ...]:
    return tuple(name for name in _all() if name.partition("/")[0] in REGIONS)
