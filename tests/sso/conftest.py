"""Providers that run beside the test, and people who log in there."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from flask import Flask

from tests.clients import Browser, Seen
from tests.sso.provider import CLIENT, SECRET, Provider
from webapp.config import Settings
from webapp.config.sso import OidcProvider
from webapp.outside.breaker import Breaker
from webapp.sso import discovery, talking

CALLBACK = "/auth/sso/acme/callback"


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    discovery.forget()
    monkeypatch.setattr(talking, "_breaker", Breaker())
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def other(acme: Provider) -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


Offer = Callable[..., None]


@pytest.fixture
def offer(app: Flask, acme: Provider, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Have providers named in the settings: Acme as it is said, and others."""

    def named(*others: OidcProvider, settings: dict[str, Any] | None = None, **more: Any) -> None:
        own = of(acme, "acme", **more)
        before: Settings = app.config["SETTINGS"]
        changed = before.model_copy(update={"sso_providers": (own, *others), **(settings or {})})
        monkeypatch.setitem(app.config, "SETTINGS", changed)

    named()
    return named


def of(provider: Provider, name: str, **more: Any) -> OidcProvider:
    said = {"id": name, "label": name.capitalize(), "issuer": provider.issuer, "client_id": CLIENT}
    return OidcProvider.model_validate({**said, "client_secret": SECRET, "provision": True, **more})


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def there(address: str) -> str:
    """Log in where a browser was sent, by HTTP; where it is sent back to."""
    from urllib.error import HTTPError

    try:
        build_opener(_Stay).open(address)
    except HTTPError as error:
        return str(error.headers["Location"])
    raise AssertionError("nobody was sent back")


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def sent(address: str) -> dict[str, str]:
    """What is asked of the provider."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def begun(browser: Browser, at: str = "/auth/sso/acme") -> str:
    """Where a browser is sent back to."""
    return path_of(there(browser.get(at, 303).location))


def log_in(browser: Browser, at: str = "/auth/sso/acme", status: int = 303) -> Seen:
    """Log in at a provider, and come back."""
    return browser.get(begun(browser, at), status)
