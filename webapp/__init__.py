"""Cairn: a project and issue tracker that a team can own."""

from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import cli, config, db, features, keeping, pooling
from webapp.config import ROOT, Settings
from webapp.config.keys import ring
from webapp.http import (
    addresses,
    admission,
    assets,
    choices,
    compression,
    converters,
    cookies,
    counted,
    csrf,
    devices,
    headers,
    identity,
    log,
    notices,
    problems,
    templating,
    tokens,
    tongue,
    traced,
    typed,
    unsent,
    uploads,
    viewed,
)
from webapp.http.application import Application
from webapp.http.sessions import NoSession

# One key for each purpose, so that what is signed for one is worth nothing for another.
PURPOSES = (
    "session", "notice", "visit", "refresh", "device", "cookies", "mail", "webhook", "mail_in", "pictures",
    "halfway", "challenge", "seed", "sso", "health",
)  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Settings come from the environment unless given."""
    settings = settings or config.load()
    app = Application(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    configure(app, settings)
    log.init_app(app, settings)
    counts = counted.init_app(app, settings)
    traced.init_app(app, settings)
    db.init_app(app)
    if counts is not None:
        db.tell_of_statements(app, counts.sent)
    keeping.init_app(app)
    tokens.init_app(app, settings)
    addresses.init_app(app)
    templating.init_app(app)
    tongue.init_app(app)
    converters.init_app(app)
    headers.init_app(app, settings)
    admission.init_app(app)
    cookies.init_app(app)
    for part in (uploads, problems, identity, csrf, devices, unsent, notices, choices, viewed, features, cli):
        part.init_app(app)
    assets.init_app(app, settings)
    compression.init_app(app)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
            x_host=0,
            x_port=0,
            x_prefix=0,
        )
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Put the settings, and what follows from them, where extensions look."""
    secrets = [config.signing_key(settings), *settings.former_keys]
    app.session_interface = NoSession()
    app.config.update(
        SETTINGS=settings,
        KEYS={purpose: ring(purpose, secrets) for purpose in PURPOSES},
        SQLALCHEMY_DATABASE_URI=settings.database_url or _embedded(settings),
        SQLALCHEMY_ENGINE_OPTIONS=pooling.engine_options(settings),
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=typed.WORDS,  # beside files, which have limits of their own
        TRUSTED_HOSTS=_hosts(settings),
    )


def _embedded(settings: Settings) -> str:
    """The URL of the data folder's own PostgreSQL, started if nobody has."""
    from webapp import embedded  # only here: where DATABASE_URL is set, nothing of it is needed

    try:
        return embedded.acquire(settings.cairn_data / "postgres").url()
    except embedded.EmbeddedError as error:
        raise SystemExit(f"cairn: {error}") from None


def _hosts(settings: Settings) -> list[str] | None:
    """Once the public address is known, only it and this machine are answered."""
    if settings.base_url is None:
        return None
    return [urlsplit(settings.base_url).hostname or "", "localhost", "127.0.0.1"]
