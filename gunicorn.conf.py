"""How Cairn is served: gunicorn reads this file. Settings come from the environment or from `.env`."""

import importlib
import importlib.util
import multiprocessing
import os
import signal
import sys
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

import psycopg2
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent
GIVEN = {name: value for name, value in (dotenv_values(ROOT / ".env") | os.environ).items() if value}
# Imported once, before the forks: a worker then starts in half the time, and shares their memory. None of
# it is ours, because what this process imports, workers go on using after a reload.
LIBRARIES = (
    "bcrypt",
    "flask_compress",
    "flask_cors",
    "flask_jwt_extended",
    "flask_sqlalchemy",
    "linkify_it",
    "markdown_it",
    "mdit_py_plugins",
    "nh3",
    "psycopg2",
    "pydantic_settings",
    "pygments.formatters",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "whitenoise",
)


def whole(name: str, default: int, *, at_most: int) -> int:
    """A setting that is a whole number from 1; a bad value stops the start with one line."""
    value = GIVEN.get(name, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= at_most):
        refuse(f"{name}: must be a whole number from 1 to {at_most}")
    return int(value)


def refuse(sentence: str, status: int = 2) -> NoReturn:
    print(f"cairn: {sentence}", file=sys.stderr)
    sys.exit(status)


host = GIVEN.get("HOST", "127.0.0.1").strip("[]")
port = whole("PORT", 8000, at_most=65535)
address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
data = ROOT / GIVEN.get("CAIRN_DATA", "instance")

chdir = str(ROOT)
bind = address
workers = whole("WEB_CONCURRENCY", 2, at_most=64)
worker_class = "gthread"
# As many as a process keeps connections (DB_POOL_SIZE): with more, the rest would be opened and closed all
# the time; and two workers stay far below the 15 that one pool may open.
threads = 5
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 2000
max_requests_jitter = 200
reload = GIVEN.get("CAIRN_RELOAD") == "1"
# A heartbeat file on a slow disk can make a healthy worker look dead.
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# The application writes one line a request itself.
accesslog = None
loglevel = "warning"

# Two servers of one user would share its path, and it can shut them down.
control_socket_disable = True
# Whom to believe about addresses and schemes is said once, by TRUSTED_PROXIES, and obeyed in the
# application; gunicorn itself believes nobody.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# `X_Forwarded_For` and `X-Forwarded-For` would become one variable.
header_map = "refuse"


def on_starting(server: Any) -> None:
    """Before the first worker: a database, brought up to date."""
    signal.signal(signal.SIGTERM, leave)  # until gunicorn sets its own: the lease must be released
    signal.signal(signal.SIGINT, leave)
    if "DATABASE_URL" not in GIVEN:
        # Kept by the arbiter: this file is read anew at each reload, and what it held is lost.
        server.lease = take_lease()
    for library in LIBRARIES:
        importlib.import_module(library)
    if not is_prepared(server.lease.url() if hasattr(server, "lease") else GIVEN["DATABASE_URL"]):
        flask("prepare")


def when_ready(server: Any) -> None:
    shown = address.replace("0.0.0.0", "127.0.0.1").replace("[::]", "127.0.0.1")  # noqa: S104
    print(f"Cairn is ready: {GIVEN.get('BASE_URL', f'http://{shown}')}", flush=True)


def on_exit(server: Any) -> None:
    if hasattr(server, "lease"):
        server.lease.release()


def leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def take_lease() -> Any:
    """Hold the embedded PostgreSQL for as long as gunicorn runs, so that reloads do not restart it."""
    embedded = load_embedded()
    try:
        return embedded.acquire(data / "postgres")
    except embedded.EmbeddedError as error:
        refuse(str(error), status=1)


def is_prepared(url: str) -> bool:
    """Whether the database is at the newest migration and in use: then a start can do without `prepare`.

    A migration's file begins with its revision, and the newest sorts last.
    """
    newest = max(path.name.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("*.py"))
    try:
        with psycopg2.connect(url.replace("+psycopg2", ""), connect_timeout=2) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT version_num, EXISTS (SELECT FROM users) FROM alembic_version")
            prepared: bool = cursor.fetchall() == [(newest, True)]
    except psycopg2.Error:
        return False
    connection.close()
    return prepared


def flask(command: str) -> None:
    """Run a command of the application in a fork, which has the libraries already; stop if it fails."""
    process = multiprocessing.get_context("fork").Process(target=run_flask, args=(command,), daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(abs(process.exitcode))


def run_flask(command: str) -> None:
    from flask.cli import cli

    cli.main(["--app", "wsgi", command], prog_name="flask")


def load_embedded() -> ModuleType:
    """Load webapp.embedded without webapp, for the same reason as LIBRARIES."""
    folder = ROOT / "webapp" / "embedded"
    spec = importlib.util.spec_from_file_location(
        "cairn_embedded", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        refuse(f"{folder} is missing", status=1)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except RuntimeError as error:  # EmbeddedError: a system without file locks
        refuse(str(error), status=1)
    return module
