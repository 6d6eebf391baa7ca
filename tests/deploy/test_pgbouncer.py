"""A real pgbouncer in between, in transaction mode, which throws Cairn's startup options away."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException

import psycopg2
import pytest

from tests.conftest import KEY
from tests.databases import connected, empty_database
from tests.server.running import PATIENCE, Server, free_port
from webapp import create_app
from webapp.config import ROOT
from webapp.connections import SESSION_SETTINGS, Connection
from webapp.db import db
from webapp.jobs.worker import Worker

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
# As docs/deployment.md has it, but for the last section, which is this machine's.
CONFIGURATION = """
[databases]
* = host={host} port={port}

[pgbouncer]
pool_mode = transaction
ignore_startup_parameters = extra_float_digits,options
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
"""


@pytest.fixture(scope="module")
def bounced(database, tmp_path_factory):
    """Cairn over pgbouncer over an empty database, whose server tells times in New York's zone."""
    if PGBOUNCER is None:
        pytest.skip("pgbouncer is not installed")
    folder = tmp_path_factory.mktemp("pgbouncer")
    folder.chmod(0o755)
    with empty_database(database) as address, closing(connected(address)) as owner, owner.cursor() as cursor:
        name, user = owner.info.dbname, owner.info.user
        cursor.execute(f"ALTER DATABASE {name} SET timezone = 'America/New_York'")
        listen = free_port()
        text = CONFIGURATION.format(host=owner.info.host, port=owner.info.port, listen=listen)
        # With auth_type any, whoever comes becomes the user named here.
        text = text.replace(f"port={owner.info.port}", f"port={owner.info.port} user={user}")
        if owner.info.password:
            text = text.replace(f"user={user}", f"user={user} password={owner.info.password}")
        (folder / "pgbouncer.ini").write_text(text)
        command = [PGBOUNCER, *(["-u", "nobody"] if os.getuid() == 0 else []), str(folder / "pgbouncer.ini")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        url = f"postgresql://{user}@127.0.0.1:{listen}/{name}"
        try:
            wait_for(url, process, folder / "log")
            server = Server(url, folder, "http://localhost")
            server.behind = address  # type: ignore[attr-defined]
            try:
                server.wait_until_ready()
                yield server
            finally:
                server.stop()
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_for(url, process, log):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg2.connect(url).close()
            return
        except psycopg2.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.1)


def test_the_doctor_names_what_is_dropped(bounced):
    environ = os.environ | bounced.settings | {"SECRET_KEY": KEY}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "doctor", "--json"]
    said = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert said.returncode == 1
    assert "A pooler drops these settings" in said.stdout


def test_no_limit_is_lost_and_times_are_told_in_utc(bounced):
    ada = bounced.person()
    project = bounced.project(ada)
    made = bounced.ask("POST", f"{project}/issues", {"title": "Late"}, by=ada)
    assert made.status == 201
    for path in (project, f"{project}/issues/1"):
        told = bounced.ask("GET", path, by=ada).json
        assert told["created_at"].endswith(("Z", "+00:00")), told["created_at"]
    with closing(connected(bounced.behind)) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM projects FOR UPDATE")
        began = time.monotonic()
        refused = bounced.ask("POST", f"{project}/issues", {"title": "Never"}, by=ada)
        assert refused.status == 503
        assert time.monotonic() - began < 10
        assert refused.headers["Retry-After"]


def test_it_is_said_once_in_the_log_and_by_readiness(bounced):
    for _ in range(5):
        bounced.ask("GET", "/projects")
    ready = bounced.ask("GET", "/readyz")
    assert ready.status == 200
    assert [one for one in ready.json["notes"] if "statement_timeout" in one]
    assert bounced.log.read_text().count("drops these settings") <= len(bounced.workers) + 1


def test_limits_that_the_database_has_are_not_sent(bounced):
    """The time zone is: pgbouncer itself keeps the one that it met first."""
    with closing(connected(bounced.behind)) as owner, owner.cursor() as cursor:
        for name, value in SESSION_SETTINGS.items():
            cursor.execute(f"ALTER DATABASE {owner.info.dbname} SET {name} = '{value}'")
        # pgbouncer's connections began before that, and Cairn's were looked at before that.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    bounced.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + PATIENCE
    while "statement_timeout" in (answer := said(bounced)) or "ready" not in answer:
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)


def test_nothing_is_prepared_on_what_others_share(bounced):
    ada = bounced.person()
    project = bounced.project(ada)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(bounced.ask, "GET", project, by=ada) for _ in range(80)]
    assert {one.result().status for one in asked} == {200}
    assert bounced.ask("POST", f"{project}/issues", {"title": "Shared"}, by=ada).status == 201
    assert prepared_behind(bounced) == 0


def test_a_pooler_that_drops_nothing_is_known_by_the_process_that_answers(bounced):
    """By now the database has the settings. Of those that a client asks for, pgbouncer keeps the time zone."""
    for address, prepares in ((bounced.database, False), (bounced.behind, True)):
        given = psycopg2.connect(address.replace("+psycopg2", ""), connection_factory=Connection)
        with closing(given) as connection, connection.cursor() as cursor:
            cursor.execute("SET timezone = 'UTC'")
            connection.settle()
            assert (connection.missing, connection.prepares) == ((), prepares)


def prepared_behind(server):
    """How many statements the processes behind the pooler have prepared, as far as it gives them to us."""
    with closing(connected(server.database)) as shared, shared.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'cairn%'")
        return cursor.fetchone()[0]


def said(server):
    """What /readyz answers, while workers come and go."""
    try:
        return server.ask("GET", "/readyz").text
    except (OSError, HTTPException) as error:
        return repr(error)


def test_a_worker_that_hears_nothing_looks_by_itself(bounced, settings, caplog):
    """A pooler takes LISTEN, and keeps to itself what is told then."""
    url = bounced.database.replace("postgresql://", "postgresql+psycopg2://")
    app = create_app(settings.model_copy(update={"database_url": url}))
    worker, deadline = Worker(app), time.monotonic() + PATIENCE
    asked = "SELECT count(*) FROM jobs WHERE task = 'clear_dead_jobs'"
    with caplog.at_level("WARNING", "cairn"), app.app_context():
        worker.listener.open()
    assert worker.listener.is_deaf
    bounced.rows("INSERT INTO jobs (task) VALUES ('clear_dead_jobs') RETURNING id")
    worker.run(lambda: bounced.rows(asked) != [0] and time.monotonic() < deadline)
    assert bounced.rows(asked) == [0]
    with app.app_context():
        db.engine.dispose()
