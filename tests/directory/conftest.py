from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.directory.slapd import Slapd, running_slapd, slapd
from webapp.config import Settings
from webapp.directory import asking
from webapp.outside.breaker import Breaker

__all__ = ["running_slapd", "slapd"]


@pytest.fixture
def told(app: Flask, settings: Settings, slapd: Slapd, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`told(ldap_url=…)` tells the application other settings than that it shall ask the directory in plain."""
    given = {name: getattr(settings, name) for name in ("database_url", "secret_key", "cairn_data")}

    def tell(**more: Any) -> None:
        values: Any = {**given, "backend_cors_origins": "http://localhost:5173", **slapd.settings, **more}
        monkeypatch.setitem(app.config, "SETTINGS", Settings(_env_file=None, **values))

    return tell


@pytest.fixture
def directory(told: Callable[..., None], slapd: Slapd) -> Slapd:
    """People log in by it."""
    told()
    return slapd


@pytest.fixture(autouse=True)
def _nothing_failed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "breaker", Breaker(failures=3, pause=10))
