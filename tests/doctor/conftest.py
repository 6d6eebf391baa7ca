"""An installation as it should be, which a test may break: a server with a worker, mail, backups, people."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import KEY
from tests.databases import connected, empty_database
from tests.mail import sink
from tests.make import PASSWORD
from tests.server.running import PATIENCE, Server, free_port
from webapp import create_app
from webapp.config import ROOT, Settings
from webapp.db import db
from webapp.mail import office

# What this machine's database and account are, for tests and in earnest nowhere.
SKIPPED = [word for code in ("durable", "superuser", "root", "autovacuum") for word in ("--skip", code)]


@dataclass(frozen=True)
class Said:
    """What the doctor said, by its codes."""

    status: int
    found: dict[str, str]
    text: str
    fault: str


@dataclass(frozen=True)
class Patient:
    """The installation; what is given to `asked` is set otherwise for the doctor alone."""

    server: Server
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        environ = {**os.environ, **self.server.settings, "SECRET_KEY": KEY, "LIMIT_FACTOR": "0", **settings}
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip

    def asked(self, *words: str, **settings: str | None) -> Said:
        """In this process, as to start another one each time takes long."""
        given = {**self.server.settings, "SECRET_KEY": KEY, **settings}
        named: Any = {name.lower(): value for name, value in given.items() if value}
        before = office._office
        app = create_app(Settings(_env_file=None, **named))
        try:
            done = app.test_cli_runner().invoke(args=["doctor", "--json", *SKIPPED, *words])
        finally:
            office._office = before
            with app.app_context():
                db.engine.dispose()
        if not isinstance(done.exception, SystemExit | None):
            raise done.exception
        found = {one["code"]: one["said"] for one in map(json.loads, done.stdout.splitlines())}
        return Said(done.exit_code, found, done.stdout, done.stderr)

    def change(self, *statements: str) -> None:
        """Behind the server's back."""
        with closing(connected(self.server.database)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def settings_of(folder: Path, mail: str) -> dict[str, str]:
    port = str(free_port())
    return {
        "PORT": port, "BASE_URL": f"http://localhost:{port}", "ENVIRONMENT": "production", "WORKER": "on",
        "PASSWORD_PEPPER": KEY[::-1], "TRUSTED_PROXIES": "1", "REGISTRATION": "closed", "MAIL_URL": mail,
        "MAIL_FROM": "cairn@example.org", "BACKUP_FOLDER": str(folder), "BACKUP_HOUR": "0",
    }  # fmt: skip


@pytest.fixture(scope="module")
def patient(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    kept = tmp_path_factory.mktemp("kept")
    with empty_database(database) as address, sink.running() as mail:
        given: dict[str, Any] = settings_of(kept, mail.url)
        server = Server(address, tmp_path_factory.mktemp("patient"), "https://a.test", **given)
        server.port = int(given["PORT"])
        try:
            server.wait_until_ready()
            patient = Patient(server, kept)
            made = patient.run("create-user", "--name", "Ada", "--email", "ada@example.com", "--password", PASSWORD)
            assert made.returncode == 0, made.stderr
            patient.run("admin", "ada@example.com")
            wait_for_a_backup(kept)
            yield patient
        finally:
            server.stop()


def wait_for_a_backup(folder: Path) -> None:
    """The worker makes one when it comes."""
    deadline = time.monotonic() + PATIENCE
    while not list(folder.glob("cairn-*")):
        assert time.monotonic() < deadline
        time.sleep(0.2)
