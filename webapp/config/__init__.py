"""Every setting, typed, with its reason. Read at start, without the rest of `webapp`; a bad value stops the start."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from flask import current_app
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy import exc, make_url

from . import mail_url
from .allowed import Allowed
from .backups import Backups
from .files import Files
from .kept_key import kept_key
from .mail_url import LOCAL, Incoming, MailServer, Sender
from .newcomers import Newcomers
from .pictures import Pictures
from .processes import Processes
from .secret_settings import FileSource, Secrets
from .sso import SingleSignOn
from .traces import Traces

ROOT = Path(__file__).resolve().parent.parent.parent
DEVELOPMENT_ORIGINS = ("http://localhost:5173", "http://localhost:3000")


class Settings(Newcomers, Pictures, Incoming, Files, Backups, Processes, SingleSignOn, Traces, Secrets):
    """The environment's variables, each under its own name in lower case."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    environment: Literal["development", "production"] = Field(
        "development", description="`production` demands SECRET_KEY and BASE_URL, sends Secure cookies and logs JSON."
    )
    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 in a container.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    database_url: str | None = Field(
        None, description="PostgreSQL to use. Unset: an embedded one in the data folder."
    )
    backend_cors_origins: Annotated[tuple[str, ...] | None, NoDecode] = Field(
        None, description="Origins whose scripts may use the API: comma-separated or a JSON list."
    )
    cairn_data: Path = Field(ROOT / "instance", description="Data folder: embedded database, generated key, uploads.")
    web_concurrency: int = Field(2, ge=1, le=64, description="gunicorn's worker processes.")
    db_pool_size: int = Field(5, ge=1, le=100, description="Connections that each process keeps.")
    db_max_overflow: int = Field(10, ge=0, le=100, description="Further connections in a rush.")
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Proxies in front, whose X-Forwarded-For and -Proto are believed."
    )
    base_url: str | None = Field(
        None, description="Public address, like https://cairn.example.org; other Host headers are then refused."
    )
    upload_limit_mb: int = Field(25, ge=1, le=1000, description="Largest file that may be attached, in MiB.")
    registration: Literal["open", "closed"] = Field(
        "open", description="Whether anyone may make an account; `closed`: only `flask create-user` and invitations."
    )
    limit_factor: float = Field(
        1,
        ge=0,
        le=1000,
        description="How generous limits are: 2 lets people do twice as much in a time; 0: no limits.",
    )
    require_second_factor: Literal["admins", "all", "none"] | None = Field(
        None, description="Who must have a second factor; unset: `admins` in production, `none` in development."
    )
    mail_url: SecretStr | None = Field(
        None,
        description="Server that takes mail, like smtp://user:password@mail.example.org:587; unset: none is sent.",
    )
    mail_from: str | None = Field(
        None, description="From whom mail comes, like Cairn <cairn@example.org>; demanded by MAIL_URL."
    )
    webhook_allowed: Annotated[tuple[str, ...] | None, NoDecode] = Field(
        None, description="What webhooks may reach though it is not public, like 10.0.0.0/8,intranet.example."
    )
    audit_days: int = Field(
        400, ge=30, le=3650, description="How many days the audit log says what was done; at least 30."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given first wins; pydantic calls it by these names."""
        variables = [one for one in (env_settings, dotenv_settings) if isinstance(one, EnvSettingsSource)]
        return init_settings, *variables, FileSource(settings_cls, *variables)

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, url: str | None) -> str | None:
        """Name the driver: SQLAlchemy 2.1 would take psycopg 3 for a bare `postgresql://`."""
        if url is None:
            return None
        scheme, found, rest = url.partition("://")
        if not found or scheme not in ("postgres", "postgresql", "postgresql+psycopg2"):
            raise ValueError("must start with postgresql://")
        try:
            make_url(named := f"postgresql+psycopg2://{rest}")
        except (exc.ArgumentError, ValueError):
            raise ValueError("must be like postgresql://cairn:password@127.0.0.1:5432/cairn") from None
        return named

    @field_validator("backend_cors_origins", "webhook_allowed", "external_images_allowed", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            return tuple(json.loads(value))
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("cairn_data")
    @classmethod
    def _in_the_checkout(cls, value: Path) -> Path:
        """A relative path is meant from the checkout, wherever the command was given. It need not be there yet."""
        folder = ROOT / value.expanduser()
        for path in (folder, *folder.parents):
            if os.path.lexists(path) and not os.path.isdir(path):
                raise ValueError(f"{path} is no folder; name another, or move it away")
        return folder

    @field_validator("backup_folder")
    @classmethod
    def _likewise(cls, value: Path | None) -> Path | None:
        return value and ROOT / value.expanduser()

    @field_validator("base_url")
    @classmethod
    def _as_browsers_say(cls, value: str | None) -> str | None:
        """In small letters and without a slash at the end, as it stands in an Origin."""
        value = value and value.rstrip("/").lower()
        if not value or _is_origin(value):
            return value
        raise ValueError("must be like https://cairn.example.org, without a path")

    @field_validator("webhook_allowed", "external_images_allowed")
    @classmethod
    def _names_networks(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value:
            Allowed.of(value)
        return value

    @field_validator("mail_url")
    @classmethod
    def _reaches_a_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            mail_url.server(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str | None) -> str | None:
        if value is not None:
            mail_url.sender(value)
        return value

    @model_validator(mode="after")
    def _providers_are_reached_in_secret(self) -> "Settings":
        if self.is_production and any(not one.issuer.startswith("https://") for one in self.providers):
            raise ValueError("SSO_PROVIDERS: each issuer must be https in production")
        return self

    @model_validator(mode="after")
    def _production_is_strict(self) -> "Settings":
        for number, origin in enumerate(self.origins, 1):
            if not _is_origin(origin):
                raise ValueError(f"BACKEND_CORS_ORIGINS: entry {number} must be like https://app.example.org")
            if self.is_production and not origin.startswith("https://"):
                raise ValueError(f"BACKEND_CORS_ORIGINS: entry {number} must be https in production")
        if self.is_production:
            self._refuse_danger()
        return self

    def _refuse_danger(self) -> None:
        """Raises ValueError for what gives production away as a whole."""
        if self.secret_key is None:
            raise ValueError("SECRET_KEY: must be set in production")
        if self.base_url is None:
            raise ValueError("BASE_URL: must be set in production, like https://cairn.example.org")
        site = urlsplit(self.base_url)
        if site.scheme != "https" and site.hostname not in LOCAL:
            raise ValueError(
                "BASE_URL: must be https in production: browsers send the cookie of a login nowhere else"
            )
        if os.environ.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no"):
            raise ValueError("FLASK_DEBUG: must not be set in production: errors would let visitors run code")

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> "Settings":
        if self.mail_url is not None and self.mail_from is None:
            raise ValueError("MAIL_FROM: must be set with MAIL_URL, like Cairn <cairn@example.org>")
        return self

    @property
    def sites(self) -> frozenset[str]:
        """Where this site is reached, as the beginning of an address."""
        local = (f"http://{host}:{self.port}" for host in ("127.0.0.1", "localhost"))
        return frozenset(one for one in (self.base_url, *local) if one)

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    def asks_factor(self, *, is_admin: bool) -> bool:
        """Whether somebody must have a second factor, who is an administrator or not."""
        wanted = self.require_second_factor or ("admins" if self.is_production else "none")
        return wanted == "all" or (is_admin and wanted == "admins")

    @property
    def address(self) -> str:
        """Where people find it, as far as the settings know: on this machine, if it listens at all addresses."""
        bound = self.bound.replace("0.0.0.0", "127.0.0.1").replace("[::]", "127.0.0.1")  # noqa: S104
        return self.base_url or f"http://{bound}"

    @property
    def bound(self) -> str:
        """Where it listens."""
        host = self.host.strip("[]")
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    @property
    def mail_server(self) -> MailServer | None:
        """The server that takes mail, if one does."""
        return mail_url.server(self.mail_url.get_secret_value()) if self.mail_url is not None else None

    @property
    def sender(self) -> Sender:
        """From whom mail comes; somebody without an address in earnest, where none is sent."""
        return mail_url.sender(self.mail_from or "Cairn <cairn@localhost>")

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that CORS allows: those named, or the usual front-end ports in development."""
        if self.backend_cors_origins is not None:
            return self.backend_cors_origins
        return () if self.is_production else DEVELOPMENT_ORIGINS


def _is_origin(value: str) -> bool:
    parts = urlsplit(value)
    plain = f"{parts.scheme}://{parts.netloc}" == value and value == value.lower()
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and not set(value) & set("*@\\ ")


def load() -> Settings:
    """Read the environment (and a `.env` file in the checkout); exit with one line a fault.

    The faulty value itself is not printed: it may be a secret.
    """
    file = ROOT / ".env"
    try:
        return Settings(_env_file=file)
    except OSError as error:
        print(
            f"cairn: {file} cannot be read ({error.strerror}): let the account that runs Cairn own it.",
            file=sys.stderr,
        )
    except UnicodeDecodeError:
        print(f"cairn: {file} is not text in UTF-8: write it anew.", file=sys.stderr)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = ".".join(map(str, fault["loc"])).upper()
            print(f"cairn: {name + ': ' if name else ''}{_words(fault['msg'])}", file=sys.stderr)
    except Exception as error:  # a JSON list that is none: pydantic-settings wraps it in its own error
        print(f"cairn: {_words(str(error))}", file=sys.stderr)
    raise SystemExit(2)


def _words(message: str) -> str:
    return message.removeprefix("Value error, ").splitlines()[0]


def signing_key(settings: Settings) -> str:
    """The secret to sign with: the one given, else one kept in the data folder. Exits where there can be neither."""
    given = settings.secret_key
    return given.get_secret_value() if given is not None else kept_key(settings.cairn_data)


def of_this_app() -> Settings:
    """The settings of the application that is at work."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings
