"""Who somebody is by the directory: found by what they type, or by what stays theirs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from ldap3.core.exceptions import LDAPExceptionError
from ldap3.utils.conv import escape_bytes, escape_filter_chars
from ldap3.utils.dn import parse_dn

from webapp.config.ldap import DN, LOGIN, Ldap
from webapp.directory.line import Entry, Line

# What stays of somebody who is renamed or moved: as text, but of Active Directory, which has 16 bytes.
UUIDS = ("entryUUID", "objectGUID")
# By what directories say that an account is disabled; their server refuses its password by itself, mostly.
DISABLED = ("userAccountControl", "nsAccountLock", "pwdAccountLockedTime")
ACCOUNT_DISABLED = 2  # a bit of userAccountControl
FOR_GOOD = "000001010000Z"  # pwdAccountLockedTime of who was locked by hand
MOST_GROUPS = 1_000
_BLANKS = re.compile(r"(?<![\\\s])\s+(?=[,=])|(?<=[^\\][,=])\s+")


class Ambiguous(Exception):
    """What was typed is more than one person."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the directory knows them. `id` stays the same; `groups` are names of those below their base."""

    dn: str
    id: str
    email: str
    name: str
    groups: tuple[str, ...]
    is_disabled: bool


def by_login(line: Line, settings: Ldap, login: str) -> Person | None:
    """Who types this. Raises Ambiguous for more than one, Trouble."""
    try:
        asked = escape_filter_chars(login.encode().decode())
    except UnicodeEncodeError:  # half a character is nobody's name
        return None
    return _one(line, settings, settings.ldap_user_filter.replace(LOGIN, asked))


def by_id(line: Line, settings: Ldap, id_: str) -> Person | None:
    """Who has this, if they may still log in by what they type. Raises Ambiguous, Trouble."""
    return _one(line, settings, _still(settings, id_))


def is_there(line: Line, settings: Ldap, id_: str) -> bool:
    """Whether somebody may still log in, asked as shortly as can be. Raises Trouble."""
    found = line.search(settings.ldap_base_dn or "", _still(settings, id_), DISABLED, most=1)
    return bool(found) and not _is_disabled(found[0])


def _still(settings: Ldap, id_: str) -> str:
    return f"(&{settings.ldap_user_filter.replace(LOGIN, '*')}{_has_id(settings, id_)})"


def _one(line: Line, settings: Ldap, filter_: str) -> Person | None:
    ids = (settings.ldap_id_attribute,) if settings.ldap_id_attribute else UUIDS
    wanted = (settings.ldap_email_attribute, settings.ldap_name_attribute, "cn", "memberOf", *ids, *DISABLED)
    found = line.search(settings.ldap_base_dn or "", filter_, wanted, most=2)
    if len(found) > 1:
        raise Ambiguous(", ".join(one.dn for one in found))
    if not found:
        return None
    (entry,) = found
    return Person(
        dn=entry.dn,
        id=_id(entry, ids),
        email=entry.text(settings.ldap_email_attribute),
        name=entry.text(settings.ldap_name_attribute) or entry.text("cn"),
        groups=_groups(line, settings, entry),
        is_disabled=_is_disabled(entry),
    )


def _id(entry: Entry, names: Sequence[str]) -> str:
    """Nothing, if there is none: an entry without it cannot be known again."""
    for name in names:
        for value in entry.raw(name):
            if name == "objectGUID":
                return str(UUID(bytes_le=value)) if len(value) == 16 else ""
            try:
                return value.decode()
            except UnicodeDecodeError:
                return value.hex()
    return ""


def _has_id(settings: Ldap, id_: str) -> str:
    own = settings.ldap_id_attribute
    if own is not None and own != "objectGUID":
        return f"({own}={escape_filter_chars(id_)})"
    try:
        raw = escape_bytes(UUID(id_).bytes_le)
    except ValueError:
        return f"(entryUUID={escape_filter_chars(id_)})"
    return f"(objectGUID={raw})" if own else f"(|(entryUUID={escape_filter_chars(id_)})(objectGUID={raw}))"


def _groups(line: Line, settings: Ldap, entry: Entry) -> tuple[str, ...]:
    """By name. Only groups below their base count: others may be anybody's to make, under any name."""
    base = settings.ldap_group_base_dn
    if base is None:
        return ()
    asked = settings.ldap_group_filter.replace(DN, escape_filter_chars(entry.dn))
    found = line.search(base, asked, ("cn",), most=MOST_GROUPS)
    named = [name for group in found if (name := group.text("cn"))]
    return tuple(sorted({*named, *_below(base, entry.texts("memberOf"))}))


def _below(base: str, groups: Sequence[str]) -> Iterator[str]:
    """The names of those groups that are below a base, whose DNs may be written in several ways."""
    end = _parts(base)
    for group in groups:
        parts = _parts(group)
        if end and len(parts) > len(end) and parts[-len(end) :] == end:
            yield _unescaped(parse_dn(_BLANKS.sub("", group))[0][1])


def _parts(dn: str) -> list[tuple[str, str]]:
    """A DN as it can be compared with others: names in any case, blanks around signs, \\2C and \\, are the same."""
    try:
        return [(name.lower(), _unescaped(value).lower()) for name, value, _ in parse_dn(_BLANKS.sub("", dn))]
    except LDAPExceptionError:
        return []


def _unescaped(value: str) -> str:
    r"""A name as it is, of one in a DN, where \2C and \, are a comma (RFC 4514)."""
    return re.sub(
        rb"\\([0-9A-Fa-f]{2}|.)",
        lambda match: bytes.fromhex(match[1].decode()) if len(match[1]) == 2 else match[1],
        value.encode(),
    ).decode(errors="replace")


def _is_disabled(entry: Entry) -> bool:
    control = entry.text("userAccountControl")
    return (
        (control.isdecimal() and bool(int(control) & ACCOUNT_DISABLED))
        or entry.text("nsAccountLock").lower() == "true"
        or entry.text("pwdAccountLockedTime") == FOR_GOOD
    )
