"""Providers of OpenID Connect, as the operator names them."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from .ldap import PROVIDER, Ldap
from .mail_url import LOCAL
from .sso_rules import Rules


class OidcProvider(Rules):
    """One that tells by OpenID Connect who somebody is. Without a secret, it is a public client."""

    issuer: str
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr | None = None
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = "groups"
    # Where it says nothing of whether an address was verified: that all its addresses are.
    trust_email: bool = False
    # What it shall ask at each login: "login", "select_account", "consent".
    prompt: str = ""

    @field_validator("issuer")
    @classmethod
    def _is_secret(cls, value: str) -> str:
        parts = urlsplit(value)
        is_local = parts.scheme == "http" and parts.hostname in LOCAL
        if not (parts.scheme == "https" or is_local) or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be like https://login.example.org, without ? and #")
        return value

    @field_validator("scopes")
    @classmethod
    def _says_who(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return value if "openid" in value else ("openid", *value)


class SingleSignOn(Ldap):
    """Who else says who somebody is, and whether passwords are taken beside."""

    sso_providers: Annotated[tuple[OidcProvider, ...] | None, NoDecode] = Field(
        None, description="Providers of OpenID Connect, as a JSON list; docs/single-sign-on.md has its fields."
    )
    password_login: Literal["on", "off"] = Field(
        "on", description="Whether people log in by a password; `off` only beside SSO_PROVIDERS or LDAP_URL."
    )

    @field_validator("sso_providers", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("must be a JSON list") from None

    @field_validator("sso_providers")
    @classmethod
    def _told_apart(cls, value: tuple[OidcProvider, ...] | None) -> tuple[OidcProvider, ...] | None:
        names = [one.id for one in value or ()]
        if len(names) != len(set(names)):
            raise ValueError("must name each id once")
        if PROVIDER in names:
            raise ValueError(f"must not name the id {PROVIDER}, which is the directory's")
        return value

    @model_validator(mode="after")
    def _some_way_in(self) -> "SingleSignOn":
        if not self.takes_passwords and not self.rules:
            raise ValueError("PASSWORD_LOGIN: may be off only where SSO_PROVIDERS or LDAP_URL names another way in")
        return self

    @property
    def takes_passwords(self) -> bool:
        """Whether anybody logs in by a password."""
        return self.password_login == "on"  # noqa: S105

    @property
    def rules(self) -> tuple[Rules, ...]:
        """Whom each of the providers lets in, with the directory if there is one."""
        directory = (self.ldap_rules,) if self.ldap_url is not None else ()
        return (*self.providers, *directory)

    @property
    def providers(self) -> tuple[OidcProvider, ...]:
        """The providers, in the order in which they are offered."""
        return self.sso_providers or ()
