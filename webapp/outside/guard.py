"""Which addresses may be asked: public ones, and what the operator allows besides.

A list of what is denied and the one range that is public IPv6 say it together. What Python takes for `is_global`
is not enough: an address may stand inside of another, and is checked as the one that is reached in the end.
"""

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from webapp.config.allowed import Allowed, as_asked
from webapp.i18n import N_, _
from webapp.i18n.retelling import kept

Address = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
FIRST_FREE = 1024
LONGEST = 2000
UNKNOWN = kept(N_("%(host)s is not found."))
_DENIED = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # answers inside of a large cloud, and looks public
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_PUBLIC = IPv6Network("2000::/3")
# Addresses that have one of IPv4 in their last 32 bits, which is where they lead.
_MAPPED, _NAT64 = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """It must not be asked. The words follow the name of a field: "must be …"."""


class Unknown(Exception):
    """The name leads nowhere now."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an address names. `host` is as it goes into a Host header; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def permits(allowed: Allowed, address: Address) -> bool:
    """Whether this address may be asked."""
    reached = inner(address)
    if any(reached in network for network in allowed.networks if network.version == reached.version):
        return True
    if isinstance(reached, IPv6Address) and (reached not in _PUBLIC or reached.scope_id):
        return False
    return not any(reached in network for network in _DENIED if network.version == reached.version)


def inner(address: Address) -> Address:
    """The address that is reached by way of this one."""
    if isinstance(address, IPv6Address) and (address in _MAPPED or address in _NAT64):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def target(url: str) -> Target:
    """Read an address, without asking anybody. Raises Refused."""
    if len(url) > LONGEST or not url.isprintable() or set(url) & set(' \\<>"{}|^`'):
        raise Refused(_("must be an address of at most %(most)s characters, without blanks.", most=LONGEST))
    try:
        parts = urlsplit(url)
        named = parts.port
    except ValueError:
        raise Refused(_("must be an address like https://example.org/hook.")) from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused(_("must begin with https:// or http:// and a name."))
    if "@" in parts.netloc:
        raise Refused(_("must not have a user or a password in it."))
    port = _port(PORTS[parts.scheme] if named is None else named)
    return Target(parts.scheme, _host(parts.hostname), port, _path(parts))


def addresses(wanted: Target, allowed: Allowed, seconds: float) -> Sequence[Address]:
    """Where it is, asked once: whoever connects uses these. Raises Refused if one may not be asked, and Unknown."""
    found = looked_up(wanted.host, wanted.port, seconds)
    if wanted.host not in allowed.names and not all(permits(allowed, one) for one in found):
        raise Refused(_("must lead to a public address, or to one that WEBHOOK_ALLOWED names."))
    return found


def looked_up(host: str, port: int, seconds: float) -> Sequence[Address]:
    """Where a name leads, whoever may ask there; raises Unknown.

    In a thread of its own: nothing else ends a wait for a name server.
    """
    try:
        return [ip_address(host)]
    except ValueError:
        pass
    found: list[Address] = []

    def look() -> None:
        try:
            known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(ip_address(str(one[4][0])) for one in known))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(max(seconds, 0))
    if thread.is_alive() or not found:
        raise Unknown(UNKNOWN % {"host": host})
    return list(found)


def _port(port: int) -> int:
    """Below 1024 are those of mail and the like, to which a request can look like their own words."""
    if port not in PORTS.values() and port < FIRST_FREE:
        raise Refused(_("must use port 80, 443, or one from %(port)s on.", port=FIRST_FREE))
    return port


def _path(parts: SplitResult) -> str:
    """As it goes into a request: in ASCII, without what is only for browsers."""
    path = parts.path or "/"
    whole = f"{path}?{parts.query}" if parts.query else path
    return "".join(one if one.isascii() else "".join(f"%{byte:02X}" for byte in one.encode()) for one in whole)


def _host(name: str) -> str:
    try:
        return as_asked(name)
    except ValueError as error:
        raise Refused(str(error)) from None
