"""What a provider tells of itself (OpenID Connect Discovery), and by which keys it signs. It is kept for an hour."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webapp.config.sso import OidcProvider
from webapp.sso import talking

KEPT = 3600.0  # seconds
# How soon keys are asked for again because a token names one that is not among them.
AGAIN = 10.0
MANY = 100


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where the provider is asked what. `tells_issuer`: its answers name it (RFC 9207)."""

    authorization: str
    token: str
    jwks: str
    userinfo: str
    by_post: bool
    tells_issuer: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """The public halves of a provider's keys, as JWK."""

    all: tuple[dict[str, Any], ...]
    asked_at: float

    def named(self, kid: str | None) -> list[dict[str, Any]]:
        """Those that may have signed what names this one, or none."""
        return [one for one in self.all if one.get("use", "sig") == "sig" and kid in (None, one.get("kid"))]


_metadata: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, Keys] = {}


def metadata(provider: OidcProvider) -> Metadata:
    """Where to ask it what. Raises ProviderFailed."""
    until, known = _metadata.get(provider.issuer, (0.0, None))
    if known is None or time.monotonic() > until:
        known = _read(provider)
        _metadata[provider.issuer] = (time.monotonic() + KEPT, known)
    return known


def keys(provider: OidcProvider, kid: str | None) -> list[dict[str, Any]]:
    """Those by which it may have signed. It is asked again if none has that name. Raises ProviderFailed."""
    known = _keys.get(provider.issuer)
    if known is not None and time.monotonic() < known.asked_at + KEPT and known.named(kid):
        return known.named(kid)
    if known is None or time.monotonic() > known.asked_at + AGAIN:
        _keys[provider.issuer] = known = _asked_for_keys(provider)
    return known.named(kid)


def forget() -> None:
    """Ask all anew: providers change between tests."""
    _metadata.clear()
    _keys.clear()


def _read(provider: OidcProvider) -> Metadata:
    told = talking.fetch(provider, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise talking.failed(provider, "its document is of another issuer")
    ways = told.get("token_endpoint_auth_methods_supported")
    return Metadata(
        _address(provider, told, "authorization_endpoint"),
        _address(provider, told, "token_endpoint"),
        _address(provider, told, "jwks_uri"),
        _address(provider, told, "userinfo_endpoint") if told.get("userinfo_endpoint") else "",
        by_post=isinstance(ways, list) and "client_secret_basic" not in ways and "client_secret_post" in ways,
        tells_issuer=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(provider: OidcProvider, told: dict[str, Any], name: str) -> str:
    """An address of the document: https, or as local as the issuer is."""
    value = told.get(name)
    try:
        parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
    except ValueError:
        parts = urlsplit("")
    issuer = urlsplit(provider.issuer)
    is_local = parts.scheme == issuer.scheme == "http" and parts.hostname == issuer.hostname
    if not parts.hostname or "@" in parts.netloc or not (parts.scheme == "https" or is_local):
        raise talking.failed(provider, f"{name} is no address of https")
    return str(value)


def _asked_for_keys(provider: OidcProvider) -> Keys:
    told = talking.fetch(provider, metadata(provider).jwks).get("keys")
    if not isinstance(told, list):
        raise talking.failed(provider, "it has no list of keys")
    return Keys(tuple(one for one in told[:MANY] if isinstance(one, dict)), time.monotonic())
