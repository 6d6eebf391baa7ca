"""What may be reached although it is not public, as a setting names it: networks, and names wherever they lead."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Allowed:
    """The networks and the names."""

    networks: tuple[Network, ...] = ()
    names: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Allowed":
        """From a setting: 10.0.0.0/8, 192.168.1.7, intranet.example. Raises ValueError for what is neither."""
        networks, names = list[Network](), set[str]()
        for entry in entries:
            try:
                networks.append(ip_network(entry))
            except ValueError:
                names.add(_name(entry))
        return cls(tuple(networks), frozenset(names))


def as_asked(name: str) -> str:
    """A name in ASCII, or an address as it is usually written. Raises ValueError for other spellings."""
    try:
        host = name if ":" in name else name.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        raise ValueError("must have a name that there can be.") from None
    last = host.rpartition(".")[2]
    if ":" not in host and not last[:1].isdigit() and last:
        return host
    try:
        return str(ip_address(host))
    except ValueError:
        raise ValueError("must have a name, or an address of four numbers from 0 to 255.") from None


def _name(entry: str) -> str:
    try:
        if "/" not in entry and ":" not in entry:
            return as_asked(entry)
    except ValueError:
        pass
    raise ValueError(f"{entry} is neither a network like 10.0.0.0/8 nor a name like intranet.example")
