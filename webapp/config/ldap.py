"""The settings about a directory that people log in by."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from .sso_rules import Rules

# By what the directory is known among the providers that people may come in by.
PROVIDER = "ldap"
PORTS = {"ldap": 389, "ldaps": 636}
LOCAL = ("localhost", "127.0.0.1", "::1")
FORM = "must be like ldaps://ldap.example.org, or ldap:// with LDAP_START_TLS"
# What stands in a filter for what is asked; there may be others by no mistake.
LOGIN, DN = "{login}", "{dn}"


@dataclass(frozen=True, slots=True)
class Server:
    """Where the directory is. `is_tls`: encrypted from its first byte."""

    host: str
    port: int
    is_tls: bool

    @property
    def is_local(self) -> bool:
        return self.host in LOCAL


def server(url: str) -> Server:
    """What an LDAP_URL says. Raises ValueError."""
    try:
        parts = urlsplit(url)
        port = PORTS[parts.scheme] if parts.port is None else parts.port
    except (ValueError, KeyError):
        raise ValueError(FORM) from None
    more = "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment
    if not parts.hostname or not port or more:
        raise ValueError(FORM)
    return Server(parts.hostname, port, parts.scheme == "ldaps")


class Ldap(BaseSettings):
    """Where it is, as whom it is read, and what is read of people."""

    ldap_url: str | None = Field(
        None, description="Directory that people log in by, like ldaps://ldap.example.org; unset: by none."
    )
    ldap_start_tls: bool = Field(
        False, description="Whether ldap:// is encrypted by StartTLS before anything is said."
    )
    ldap_ca_file: Path | None = Field(
        None, description="Who vouches for the directory's certificate, in PEM; unset: whom this machine believes."
    )
    ldap_bind_dn: str | None = Field(
        None, description="As whom Cairn searches, like cn=cairn,dc=example,dc=org; unset: as nobody."
    )
    ldap_bind_password: SecretStr | None = Field(None, description="The password of LDAP_BIND_DN.")
    ldap_base_dn: str | None = Field(
        None, description="Below which people are, like ou=people,dc=example,dc=org; demanded by LDAP_URL."
    )
    ldap_user_filter: str = Field(
        "(|(uid={login})(mail={login}))",
        description="How somebody is found by what they type as {login}, of whom there must be one.",
    )
    ldap_email_attribute: str = Field("mail", description="Where somebody's address stands.")
    ldap_name_attribute: str = Field("displayName", description="Where their name stands; without one, it is cn.")
    ldap_id_attribute: str | None = Field(
        None, description="What stays theirs if they are renamed; unset: entryUUID, or objectGUID."
    )
    ldap_group_base_dn: str | None = Field(
        None, description="Below which groups are that give roles; unset: none do."
    )
    ldap_group_filter: str = Field(
        "(|(member={dn})(uniqueMember={dn}))",
        description="Which groups somebody is in whose entry is {dn}, beside those that memberOf names.",
    )
    ldap_groups: dict[str, tuple[str, ...]] = Field(
        {}, description='What groups give, by their cn, as JSON: {"developers": ["CORE:member"]}, or "administrator".'
    )
    ldap_label: str = Field("LDAP", description="What people are told that it is called, like Example AD.")
    ldap_provision: bool = Field(True, description="Whether somebody new gets an account by logging in.")
    ldap_second_factor: Literal["here", "there"] = Field(
        "here", description="Whether who has a second factor here shows it after the directory's password, or never."
    )
    ldap_timeout: float = Field(5, ge=1, le=30, description="Seconds that the directory has for a login, all in all.")

    @field_validator("ldap_url")
    @classmethod
    def _is_a_server(cls, value: str | None) -> str | None:
        if value is not None:
            server(value)
        return value

    @field_validator("ldap_ca_file")
    @classmethod
    def _has_certificates(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                ssl.create_default_context(cafile=str(value))
            except OSError as error:  # an SSLError is one, too
                raise ValueError(f"{value} cannot be used ({error.strerror or 'no certificate in PEM'})") from None
        return value

    @field_validator("ldap_user_filter")
    @classmethod
    def _asks_for_whom(cls, value: str) -> str:
        return _filter(value, LOGIN, "(uid={login})")

    @field_validator("ldap_group_filter")
    @classmethod
    def _asks_for_groups(cls, value: str) -> str:
        return _filter(value, DN, "(member={dn})")

    @field_validator("ldap_groups")
    @classmethod
    def _give_what_there_is(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return Rules(id=PROVIDER, label=PROVIDER, groups=value).groups

    @field_validator("ldap_label")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if not 1 <= len(value.strip()) <= 60:
            raise ValueError("must have 1 to 60 characters")
        return value.strip()

    @model_validator(mode="after")
    def _is_whole(self) -> "Ldap":
        for name, missing, needed in self._halves():
            if missing:
                raise ValueError(f"{name}: must be set with {needed}")
        if self.ldap_start_tls and self.ldap_server is not None and self.ldap_server.is_tls:
            raise ValueError("LDAP_START_TLS: must not be set with ldaps://, which is always encrypted")
        return self

    def _halves(self) -> tuple[tuple[str, bool, str], ...]:
        """What is worth nothing without another: its name, whether it is missing, and what needs it."""
        used, named, base = self.ldap_url is not None, self.ldap_bind_dn is not None, self.ldap_base_dn is not None
        proved = self.ldap_bind_password is not None
        grouped = self.ldap_group_base_dn is not None
        return (
            ("LDAP_URL", not used and (base or named), "LDAP_BASE_DN or LDAP_BIND_DN, like ldaps://ldap.example.org"),
            ("LDAP_BASE_DN", used and not base, "LDAP_URL, like ou=people,dc=example,dc=org"),
            (
                "LDAP_GROUP_BASE_DN",
                bool(self.ldap_groups) and not grouped,
                "LDAP_GROUPS, like ou=groups,dc=example,dc=org",
            ),
            # A name without a password is let in by many directories as nobody (RFC 4513, 5.1.2).
            ("LDAP_BIND_PASSWORD", named and not proved, "LDAP_BIND_DN"),
            ("LDAP_BIND_DN", used and proved and not named, "LDAP_BIND_PASSWORD"),
        )

    @property
    def ldap_server(self) -> Server | None:
        """The directory, if people log in by one."""
        return server(self.ldap_url) if self.ldap_url is not None else None

    @property
    def directory(self) -> str:
        """What people are told that it is called; nothing where there is none."""
        return self.ldap_label if self.ldap_url is not None else ""

    @property
    def ldap_rules(self) -> Rules:
        """Whom it lets in, and what its groups are worth here."""
        return Rules(
            id=PROVIDER,
            label=self.ldap_label,
            provision=self.ldap_provision,
            groups=self.ldap_groups,
            second_factor=self.ldap_second_factor,
        )


def _filter(value: str, asked: str, example: str) -> str:
    """Raises ValueError for what no directory would take, before somebody wants to log in."""
    depth = 0
    for one in value:
        depth += (one == "(") - (one == ")")
        if depth < 0:
            break
    if depth or not (value.startswith("(") and value.endswith(")")):
        raise ValueError(f"must be a filter in brackets, like {example}")
    if asked not in value:
        raise ValueError(f"must have {asked} in it, like {example}")
    return value
