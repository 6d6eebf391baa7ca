"""Where what is done comes from, for those who note it: services know no request, and are told."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.access import Viewer


@dataclass(frozen=True, slots=True)
class Origin:
    """A request: its number, who asks if that is known, the address and the program it comes from.

    What no request does, a command or a worker, has the name of its program alone.
    """

    request_id: str | None = None
    viewer: "Viewer | None" = None
    address: str | None = None
    agent: str | None = None


_tell: list[Callable[[], Origin]] = [Origin]


def network(address: str | None) -> str:
    """The /24 or /64 that an address lies in: one household or office.

    A server that listens at `::` hears IPv4 as ::ffff:192.0.2.7, whose /64 would be all of it.
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))


def told_by(tell: Callable[[], Origin]) -> None:
    """Let this tell from now on where what is done comes from."""
    _tell[0] = tell


def origin() -> Origin:
    """Where what is being done comes from."""
    return _tell[0]()
