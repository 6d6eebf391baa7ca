"""How Cairn is served: gunicorn reads this file. Settings come from the environment or from `.env`."""

import ctypes
import gc
import importlib
import importlib.util
import multiprocessing
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

import psycopg2
from gunicorn import systemd
from gunicorn.glogging import Logger

ROOT = Path(__file__).resolve().parent
OURS = ("webapp", "wsgi")
# glibc gives each thread a heap of its own, up to eight for each core, and what one has freed no other takes.
M_ARENA_MAX, HEAPS = -8, 2
LOADING = 60.0  # seconds
COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def refuse(sentence: str, status: int = 2) -> NoReturn:
    print(f"cairn: {sentence}", file=sys.stderr)
    sys.exit(status)


def apart(name: str, path: Path) -> ModuleType:
    """Load one of our own modules under a name of its own: this process goes on with it when webapp is reloaded."""
    folder = [str(path.parent)] if path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folder)
    if spec is None or spec.loader is None:
        refuse(f"{path} is missing", status=1)
    for old in [known for known in sys.modules if known.startswith(f"{name}.")]:
        del sys.modules[old]  # its parts as they were before a reload
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while this loads; a reload keeps gunicorn's own
configuration = apart("cairn_config", ROOT / "webapp" / "config" / "__init__.py")
keys = apart("cairn_kept_key", ROOT / "webapp" / "config" / "kept_key.py")
settings = configuration.load()
address = settings.bound

chdir = str(ROOT)
bind = address
# One of them does jobs.
workers = settings.web_concurrency + (settings.worker == "on")
serving = apart("cairn_serving", ROOT / "webapp" / "serving" / "__init__.py")
STOPPING = serving.STOPPING
worker_class = serving.Leading
# No more requests use the database at a time than there may be connections: what runs never waits for one.
worker_class.kept = settings.db_pool_size
worker_class.most = settings.db_pool_size + settings.db_max_overflow
threads = worker_class.most + serving.LIGHT_THREADS
# With files, and connections to the database, less than the 1024 files that many systems let a process open.
worker_connections = 800
timeout = 30
graceful_timeout = 20
keepalive = 5
# A worker costs as much processor time to load as a thousand requests. That it is replaced some day is for leaks
# that nobody has found yet.
max_requests = 100_000
max_requests_jitter = 20_000
reload = os.environ.get("CAIRN_RELOAD") == "1"
if reload:  # beside Python files, what is read once at start
    reload_extra_files = [str(p) for folder in ("templates", "static") for p in (ROOT / folder).rglob("*.*")]
# A heartbeat file on a slow disk can make a healthy worker look dead.
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# The application writes one line a request itself.
accesslog = None
loglevel = "warning"


class logger_class(Logger):  # type: ignore[misc]
    """Gunicorn's log without what a client sent: an address may hold a token, a header a password."""

    def warning(self, message: str, *given: Any, **options: Any) -> None:
        said, is_quoted, _ = str(message).partition(": ")
        super().warning(said if is_quoted and "request from" in said else message, *given, **options)

    def exception(self, message: str, *given: Any, **options: Any) -> None:
        if "request %s" in str(message):
            message, given = "Error handling a request", ()
        super().exception(message, *given, **options)


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
    """Before the first worker: a port, a key, and a database, brought up to date."""
    signal.signal(signal.SIGTERM, leave)  # until gunicorn sets its own: the lease must be released
    signal.signal(signal.SIGINT, leave)
    refuse_taken_ports(server)
    if settings.secret_key is None:
        keys.kept_key(settings.cairn_data)
    if settings.database_url is None:
        # Kept by the arbiter: this file is read anew at each reload, and what it held is lost.
        server.lease = take_lease()
    server.reload = partial(reload_what_loads, server.reload)
    serving.begin(server)
    server.drain_seconds = settings.drain_seconds
    if not is_prepared(settings.database_url or server.lease.url()):
        flask("prepare")
        refuse_taken_ports(server)  # it may have taken minutes
    with suppress(OSError, AttributeError):  # another system's C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)
    count_together()
    if not reload:  # else each worker loads what has just been written
        with undisturbed():
            load_application()


def when_ready(server: Any) -> None:
    if hasattr(server, "lease"):
        server.lease.keep()
    print(f"Cairn is ready: {settings.address}", flush=True)


def on_reload(server: Any) -> None:
    server.reloaded = server.worker_age  # whoever is older goes
    server.drain_seconds = settings.drain_seconds


def pre_fork(server: Any, worker: Any) -> None:
    """Let one of those since the last reload do jobs: the last, so that requests are answered first."""
    since = getattr(server, "reloaded", 0)
    others = [one for one in server.WORKERS.values() if one.age > since]
    there_is_one = any(one.does_jobs for one in others)
    worker.does_jobs = settings.worker == "on" and not there_is_one and len(others) + 1 >= server.num_workers
    serving.prepare(worker)


def post_fork(server: Any, worker: Any) -> None:
    """A worker loads first and hears then: left at any line, an import tells a trace."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)


def post_worker_init(worker: Any) -> None:
    from webapp import connections, counting, tracing

    gc.freeze()  # the application itself is no garbage: nobody need look through it again
    if settings.database_url is None:
        from webapp import embedded

        embedded.acquire(settings.cairn_data / "postgres")  # its own, as the arbiter may be killed
    connections.begin_watch()
    tracing.start()
    if counting.counts is not None:
        worker.watch = counting.counts.lane
    if worker.does_jobs:
        worker.run = partial(do_jobs, worker)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    know_settings(worker.wsgi)
    serving.answer(worker)


def know_settings(application: Any) -> None:
    """Have a worker begin with the settings that are stored: who is not logged in brings nothing that tells of them.

    Without a database it begins with the environment's; who logs in, or asks whether it is ready, brings them later.
    """
    from webapp.faults import SQLAlchemyError
    from webapp.settings import service

    with suppress(SQLAlchemyError), application.app_context():
        service.refresh()


def do_jobs(worker: Any) -> None:
    """What a worker does that leaves requests to the others, until it is told to stop or its arbiter is gone."""
    from webapp.jobs.worker import Worker

    for listener in worker.sockets:
        listener.close()  # the port would stay taken by whoever outlives the arbiter
    doing = Worker(worker.wsgi)

    def goes_on() -> bool:
        worker.notify()
        return bool(worker.alive and worker.ppid == os.getppid())

    signal.signal(signal.SIGTERM, doing.leave)
    doing.run(goes_on)


def pre_exec(server: Any) -> None:
    """Let the next arbiter (USR2) make its own folder: after a reload it would be handed this one, which goes."""
    server.cfg.env_orig.pop(COUNTS, None)
    serving.bequeath(server)


def child_exit(server: Any, worker: Any) -> None:
    """What a worker has counted stays; what it told of itself at the moment does not."""
    if COUNTS in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    folder = os.environ.get(COUNTS, "")
    if os.path.basename(folder).startswith(counts_prefix()):
        shutil.rmtree(folder, ignore_errors=True)
    if hasattr(server, "lease"):
        server.lease.release()


def leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hear of a stop after the block: an exit in the middle of an import is told as a trace."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def count_together() -> None:
    """Give all workers one folder to count in, in memory where the system has that, if somebody asks for counts."""
    if COUNTS not in os.environ and configuration.load().metrics_token is not None:
        os.environ[COUNTS] = tempfile.mkdtemp(prefix=counts_prefix(), dir=globals().get("worker_tmp_dir"))


def counts_prefix() -> str:
    """How the folder is called that this arbiter made."""
    return f"cairn-counts-{os.getpid()}-"


def load_application() -> None:
    """Load what workers share, and keep them from writing into it: the search for garbage marks all it looks at.

    They start at once then, and half of it stays as it was loaded. What was loaded before is forgotten.
    """
    gc.unfreeze()
    gc.disable()
    forget_application()
    importlib.import_module("wsgi")
    if embedded := sys.modules.get("webapp.embedded"):
        embedded.leave()  # the arbiter has a lease of its own, that no reload takes away
    gc.collect()
    gc.freeze()
    gc.enable()


def forget_application() -> None:
    """Have our own modules loaded anew when they are asked for again."""
    for name in [known for known in sys.modules if known.partition(".")[0] in OURS]:
        del sys.modules[name]


def reload_what_loads(reload_all: Callable[[], None]) -> None:
    """Bring new code and settings (HUP). If they cannot be loaded the server goes on with those that it has."""
    if can_be_loaded():
        count_together()
        if not reload:
            load_application()
        reload_all()
    else:
        print("cairn: nothing was reloaded, and the old code and settings go on: mend that, and reload again.")
        sys.stdout.flush()


def can_be_loaded() -> bool:
    """Try what a reload would load, in a fork that tells why not. Its answer is no status: gunicorn reaps all."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        load_all(theirs)
    os.close(theirs)
    with open(ours, "rb") as answer:
        if not select.select([answer], [], [], LOADING)[0]:
            os.kill(child, signal.SIGKILL)
        loaded = bool(answer.read())
    with suppress(ChildProcessError):
        os.waitpid(child, 0)
    return loaded


def load_all(answer: int) -> NoReturn:
    """Load this file and the application, say so if that went well, and end."""
    try:
        forget_application()
        runpy.run_path(str(ROOT / "gunicorn.conf.py"))
        importlib.import_module("wsgi")
        os.write(answer, b"1")
    except SystemExit as refusal:
        if isinstance(refusal.code, str):  # else it is told
            print(refusal.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def refuse_taken_ports(server: Any) -> None:
    """Stop at once if gunicorn could not listen: it would try for five seconds, and then say so in eleven lines.

    Sockets that systemd holds, or that an older gunicorn hands over (USR2), are there already.
    """
    if "GUNICORN_FD" in os.environ or systemd.listen_fds(unset_environment=False) or server.cfg.reuse_port:
        return
    for place in server.cfg.address:
        if isinstance(place, tuple) and (fault := why_not(place)):
            refuse(f"port {place[1]} of {place[0]} is not to be had ({fault}): change PORT or HOST.", status=1)


def why_not(place: tuple[Any, ...]) -> str:
    """What the system says against listening there, or nothing."""
    with socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as error:
            return error.strerror or str(error)
    return ""


def take_lease() -> Any:
    """Hold the embedded PostgreSQL for as long as gunicorn runs, so that reloads do not restart it."""
    try:
        embedded = apart("cairn_embedded", ROOT / "webapp" / "embedded" / "__init__.py")
        return embedded.acquire(settings.cairn_data / "postgres")
    except RuntimeError as error:  # EmbeddedError: a system that cannot, or a folder that must not
        refuse(str(error), status=1)


def is_prepared(url: str) -> bool:
    """Whether it is at the newest migration, in use, and has its own files: then a start can do without `prepare`."""
    newest = apart("cairn_migrations", ROOT / "webapp" / "migrations.py").head()
    try:
        with psycopg2.connect(url.replace("+psycopg2", ""), connect_timeout=2) as connection:
            cursor = connection.cursor()
            cursor.execute("SET LOCAL lock_timeout = '1s'")  # another server migrates: `prepare` tells of the wait
            cursor.execute(
                "SELECT version_num, current_setting('server_encoding') = 'UTF8', EXISTS (SELECT FROM users), "
                "id::text FROM alembic_version, installation"
            )
            found, in_utf8, in_use, own = cursor.fetchone() or (None, False, False, "")
            # Who begins in development gets a demo account; production makes its own.
            prepared = found == newest and in_utf8 and (in_use or settings.is_production) and has_its_files(own)
    except psycopg2.Error:
        return False
    connection.close()
    return prepared


def has_its_files(database: str) -> bool:
    """Whether the folder of uploaded files is marked as this database's. A bucket is left to whoever needs it: to ask
    it takes a library that must not be loaded before there are workers.
    """
    if settings.files_url is not None:
        return True
    try:
        return bool((settings.cairn_data / "files" / ".cairn").read_text().strip() == database)
    except OSError:
        return False


def flask(command: str) -> None:
    """Run a command of the application in a fork, as it loads what serving does without; stop if it fails."""
    process = multiprocessing.get_context("fork").Process(target=run_flask, args=(command,), daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(abs(process.exitcode))


def run_flask(command: str) -> None:
    for number in STOPPING:  # there is nothing to tidy up: the database undoes what was not finished
        signal.signal(number, signal.SIG_DFL)
    from flask.cli import cli

    cli.main(["--app", "wsgi", command], prog_name="flask")
