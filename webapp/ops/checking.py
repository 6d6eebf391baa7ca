"""What is wrong with how an installation is set up, as whoever runs it must know before others use it.

What makes a start dangerous by itself, as a weak key, is refused by the settings. This asks what they cannot know.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from webapp.config import ROOT, Settings
from webapp.config.secret_settings import SECRETS
from webapp.ops.facts import Facts

LOCAL = ("localhost", "127.0.0.1", "::1")
# What each host keeps for its worker and for whoever looks in by hand.
SPARE = 10


class Level(StrEnum):
    """How bad it is: an error loses or gives away something, a warning may."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right. `code` stays the same, for whoever wants to pass over it knowingly."""

    level: Level
    code: str
    said: str


def findings(settings: Settings, facts: Facts) -> Iterator[Finding]:
    """All that should not be so where others use Cairn, the errors of each part first."""
    yield from _of_the_site(settings)
    yield from _of_the_database(settings, facts)
    yield from _of_people(settings, facts)
    yield from _of_the_directory(settings)
    yield from _of_files(settings)
    yield from _of_the_bucket(settings)


def error(code: str, said: str) -> Finding:
    """What loses or gives away something, or stands still."""
    return Finding(Level.ERROR, code, said)


def warning(code: str, said: str) -> Finding:
    """What may come to that."""
    return Finding(Level.WARNING, code, said)


def _of_the_site(settings: Settings) -> Iterator[Finding]:
    if not settings.is_production:
        yield error("environment", "ENVIRONMENT is development: cookies go over http, mails lie at /dev/mail.")
    if not settings.trusted_proxies:
        yield warning(
            "proxy", "TRUSTED_PROXIES is 0: behind a proxy, all people would share the limits of its address."
        )
    elif settings.host.strip("[]") not in LOCAL:
        yield warning(
            "forwarded",
            f"X-Forwarded-For is believed, and HOST is {settings.host}: let only the proxy reach {settings.bound}.",
        )
    if settings.secret_key_fallbacks:
        yield warning("fallbacks", "SECRET_KEY_FALLBACKS is set: take a key out 30 days after it was replaced.")
    if settings.password_pepper is None:
        yield warning("pepper", "PASSWORD_PEPPER is not set: a stolen database lets its hashes be tried.")


def _of_the_database(settings: Settings, facts: Facts) -> Iterator[Finding]:
    if facts.may_lose:
        yield error("durable", f"PostgreSQL has off: {', '.join(facts.may_lose)}. What was saved may be lost.")
    if facts.is_superuser:
        yield warning("superuser", "Cairn's role is a superuser of the database: give it one that owns only its own.")
    if not (facts.is_encrypted or facts.is_local):
        yield warning(
            "tls", "The database is on another machine, without TLS: add sslmode=verify-full to DATABASE_URL."
        )
    if settings.database_url is None:
        yield warning("embedded", "The database is the included one: it lives and is backed up with this machine.")
    wanted = settings.web_concurrency * (settings.db_pool_size + settings.db_max_overflow) + SPARE
    if wanted > facts.connections:
        yield warning(
            "connections",
            f"This host may want {wanted} connections, and the database has {facts.connections} for all: "
            "lower WEB_CONCURRENCY, DB_POOL_SIZE or DB_MAX_OVERFLOW, or raise max_connections.",
        )


def _of_people(settings: Settings, facts: Facts) -> Iterator[Finding]:
    if facts.has_demo:
        yield warning("demo", "The account of the demo is active: flask deactivate demo@cairn.example.")
    if not facts.administrators:
        yield warning("administrator", "Nobody is an administrator: flask admin EMAIL.")
    if settings.registration == "open":
        yield warning("registration", "Anybody who reaches this site may make an account: REGISTRATION=closed.")
    if settings.mail_url is None:
        yield warning("mail", "MAIL_URL is not set: nobody can be invited or get another password by mail.")


def _of_the_directory(settings: Settings) -> Iterator[Finding]:
    there = settings.ldap_server
    if there is not None and not (there.is_tls or settings.ldap_start_tls or there.is_local):
        yield error(
            "ldap", f"LDAP_URL sends passwords in plain to {there.host}: use ldaps://, or set LDAP_START_TLS."
        )


def _of_files(settings: Settings) -> Iterator[Finding]:
    if os.geteuid() == 0:
        yield warning("root", "This runs as root: give Cairn an account of its own.")
    named = [Path(file) for name in SECRETS if (file := os.environ.get(f"{name.upper()}_FILE"))]
    for path in (ROOT / ".env", settings.cairn_data / "secret.key", settings.cairn_data / "files", *named):
        if os.path.exists(path) and _is_open(path):
            yield error("readable", f"{path} may be read by every account of this machine: chmod o-rwx.")


def _of_the_bucket(settings: Settings) -> Iterator[Finding]:
    there = settings.bucket
    if there is None:
        return
    if there.is_plain and there.host not in LOCAL:
        yield warning("bucket", f"Files go to {there.host} in plain: give FILES_URL an endpoint with https://.")
    if settings.files_serve == "redirect" and there.public == settings.base_url:
        yield error(
            "redirect",
            "FILES_SERVE=redirect sends browsers to files on this site: give the store another host.",
        )


def _is_open(path: Path) -> bool:
    """Whether others than owner and group may read or change it: it says so, and no folder above keeps them out."""
    way = all(stat.S_IMODE(folder.stat().st_mode) & stat.S_IXOTH for folder in path.resolve().parents)
    return way and bool(stat.S_IMODE(path.stat().st_mode) & stat.S_IRWXO)
