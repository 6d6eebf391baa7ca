"""One connection to the directory, for one login: it is encrypted as the settings say, and has an end.

There is no pool. A connection that has been bound as somebody stays theirs, logins are rare beside all else, and a
directory that was started anew leaves no dead one behind.
"""

import math
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPExceptionError
from pyasn1.error import PyAsn1Error

from webapp.config.ldap import Ldap, Server
from webapp.outside import guard
from webapp.outside.patience import Cuttable

# Results of a bind that say of somebody that they are not let in, and not that the directory has trouble (RFC 4511):
# no such entry, inappropriate authentication, invalid credentials, rights, and what servers say of accounts that are
# locked or whose password has ended: constraint violation, unwilling to perform.
NO = frozenset({19, 32, 48, 49, 50, 53})
OK, TOO_MANY = 0, 4
# What is no LDAP makes ldap3 and pyasn1 raise whatever their reading of it ran into.
STRANGE = (
    LDAPExceptionError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    PyAsn1Error,
)


class Trouble(Exception):
    """The directory did not answer as it should. The words are for whoever looks after it."""


class Late(Trouble):
    """It was waited for as long as the settings say."""


def is_showable(password: str) -> bool:
    """Whether a directory may be shown this: not nothing, which many let in as nobody (RFC 4513, 5.1.2), nor what a
    server that is written in C may take for nothing.
    """
    return bool(password) and "\0" not in password


class Line:
    """A connection that is bound to search. Every method raises Trouble."""

    def __init__(self, connection: ldap3.Connection) -> None:
        self._connection = connection

    def search(self, base: str, filter_: str, attributes: Sequence[str], *, most: int) -> list["Entry"]:
        """The entries below a base, `most` of them at most. Referrals to other servers are passed over."""
        self._connection.search(base, filter_, attributes=attributes, size_limit=most)
        result = self._connection.result
        if result["result"] not in (OK, TOO_MANY):
            raise Trouble(f"It does not search {base}: {_said(result)}")
        told = self._connection.response or []
        return [Entry(one["dn"], one["raw_attributes"]) for one in told if one["type"] == "searchResEntry"]

    def proves(self, dn: str, password: str) -> bool:
        """Whether this is the password of an entry. One that is not showable never is.

        Whoever has asked this searches no more: the connection is theirs.
        """
        if not dn or not is_showable(password):
            return False
        # As bytes: ldap3 would refuse some characters, and leave others out (SASLprep), unlike those who set it.
        self._connection.rebind(dn, password.encode())
        result = self._connection.result
        if result["result"] not in NO | {OK}:
            raise Trouble(f"It answers a login with: {_said(result)}")
        return bool(result["result"] == OK)


class Entry:
    """An entry as the directory tells it. Names of attributes are the same in any case."""

    def __init__(self, dn: str, attributes: dict[str, Sequence[bytes]]) -> None:
        self.dn = dn
        self._attributes = {name.partition(";")[0].lower(): values for name, values in attributes.items()}

    def raw(self, name: str) -> Sequence[bytes]:
        """The values of an attribute, as they are sent."""
        return self._attributes.get(name.lower(), ())

    def texts(self, name: str) -> list[str]:
        """Those that are text."""
        found = []
        for value in self.raw(name):
            with suppress(UnicodeDecodeError):
                found.append(value.decode())
        return found

    def text(self, name: str) -> str:
        """The first of them, or nothing."""
        return next(iter(self.texts(name)), "").strip()


@contextmanager
def to(settings: Ldap) -> Iterator[Line]:
    """A connection to the directory, bound as LDAP_BIND_DN or as nobody. Raises Trouble, also for what is late."""
    there = settings.ldap_server
    if there is None:
        raise Trouble("LDAP_URL is not set.")
    end = time.monotonic() + settings.ldap_timeout
    cut = Cuttable()
    connection = None
    try:
        connection = _connection(settings, there, cut, end)
        with cut.within(end - time.monotonic()):
            _begin(connection, settings, cut)
            yield Line(connection)
    except Trouble:
        raise
    except STRANGE as error:
        if cut.is_late or time.monotonic() >= end:
            raise Late(f"{there.host} did not answer within {settings.ldap_timeout:g} seconds.") from error
        raise Trouble(_why(there, error)) from error
    finally:
        _close(connection)
        cut.let_go()


class _Checked(ldap3.Tls):
    """TLS as Python itself does it: ldap3 2.9 compares names by a copy of what Python 3.12 has given up."""

    def __init__(self, context: ssl.SSLContext, cut: Cuttable) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context, self._cut = context, cut

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        self._cut.let_go()
        self._cut.watch(connection.socket)
        connection.socket = self._context.wrap_socket(connection.socket, server_hostname=connection.server.host)


class _Reached(ldap3.Server):
    """A server whose name is looked up for so long and no longer, and whose addresses share the time that is left."""

    end = 0.0

    def candidate_addresses(self) -> list[Any]:
        try:
            known = guard.looked_up(self.host, self.port, self.end - time.monotonic())
        except guard.Unknown as error:
            raise Trouble(str(error)) from None
        self.connect_timeout = max((self.end - time.monotonic()) / len(known), 0.1)
        found = [socket.getaddrinfo(str(one), self.port, type=socket.SOCK_STREAM)[0] for one in known]
        return [[*address, None, None] for address in found]


def _connection(settings: Ldap, there: Server, cut: Cuttable, end: float) -> ldap3.Connection:
    context = ssl.create_default_context(cafile=str(settings.ldap_ca_file) if settings.ldap_ca_file else None)
    server = _Reached(
        there.host, there.port, use_ssl=there.is_tls, get_info=ldap3.NONE, tls=_Checked(context, cut),
        allowed_referral_hosts=[],
    )  # fmt: skip
    server.end = end
    password = settings.ldap_bind_password
    return ldap3.Connection(
        server,
        settings.ldap_bind_dn,
        password.get_secret_value().encode() if password is not None else None,  # type: ignore[arg-type] # see `proves`
        auto_referrals=False,
        read_only=True,
        check_names=False,
        raise_exceptions=False,
        receive_timeout=math.ceil(settings.ldap_timeout),
    )


def _begin(connection: ldap3.Connection, settings: Ldap, cut: Cuttable) -> None:
    """Open it, encrypt it, and bind it: nothing is said before that which others must not hear."""
    connection.open(read_server_info=False)
    if not connection.server.ssl:
        cut.watch(connection.socket)
        if settings.ldap_start_tls:
            connection.start_tls(read_server_info=False)
    connection.bind(read_server_info=False)
    if connection.result["result"] != OK:
        whom = settings.ldap_bind_dn or "somebody without a name"
        raise Trouble(f"It does not let {whom} search: {_said(connection.result)}")


def _close(connection: ldap3.Connection | None) -> None:
    """Without a word of goodbye: who does not answer would be waited for."""
    if connection is not None and connection.socket is not None:
        with suppress(Exception):
            connection.strategy.close()


def _said(result: dict[str, Any]) -> str:
    return " ".join(filter(None, (str(result.get("description", "")), str(result.get("message") or "")[:200])))


def _why(there: Server, error: Exception) -> str:
    if isinstance(error, LDAPExceptionError | OSError):
        return f"{there.host} cannot be spoken to: {error}"
    return f"{there.host} does not answer as a directory does."
