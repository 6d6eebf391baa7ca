"""Connections at rest: in autocommit, asked for a sign of life when they have rested long, lent to one who reads."""

import time
import weakref
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Engine, event, exc
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool
from sqlalchemy.pool.base import _ConnectionFairy, _ConnectionRecord

from webapp import eyes
from webapp.config import Settings
from webapp.connections import SESSION_SETTINGS, Connection

# Beyond this age (seconds) in the pool a connection is asked whether it still lives. A ping at every
# checkout would cost each page a round trip; younger ones that died are caught by the retry of reads.
IDLE = 5.0
PATIENCE = 0.5  # seconds until a free connection is waited for no longer: short enough to fail fast
READ_ONLY = "25006"  # the SQLSTATE of a change where nothing may be changed


class Pool(QueuePool):
    """SQLAlchemy's pool, which also lends a connection for a single statement, with nothing around it.

    What SQLAlchemy puts around each, for whoever keeps it for longer or forgets it, is a sixth of a request's calls.
    """

    def __init__(self, creator: Any, **options: Any) -> None:
        # Given as an option of the engine it would be an integer by now: Flask-SQLAlchemy has SQLAlchemy read them
        # as text of a file, which makes 0 of it, and nobody would wait at all.
        super().__init__(creator, **{**options, "timeout": PATIENCE})

    def lent(self) -> _ConnectionRecord | None:
        """A connection that rested here a moment ago. Whoever has it gives it back, by `take_back` or `kept`.

        None where none rests, or one that has to be looked at more closely: that is done by `connect`.
        """
        line: Any = self._pool
        with line.mutex:
            if not line.queue:
                return None
            entry: _ConnectionRecord = line.queue.pop()
        is_young = time.time() - entry.starttime < self._recycle and not entry._is_hard_or_soft_invalidated()
        if is_young and time.monotonic() - entry.info.get("rested", 0.0) < IDLE:
            return entry
        self._do_return_conn(entry)
        return None

    def take_back(self, entry: _ConnectionRecord) -> None:
        """Let a connection that was lent rest again."""
        driver = entry.dbapi_connection
        if not isinstance(driver, Connection) or driver.closed or not driver.rests:
            self.kept(entry).close()
            return
        entry.info["rested"] = time.monotonic()
        line: Any = self._pool
        with line.mutex:
            if len(line.queue) < line.maxsize:
                line.queue.append(entry)
                line.not_empty.notify()
                return
        self._do_return_conn(entry)

    def kept(self, entry: _ConnectionRecord) -> PoolProxiedConnection:
        """A connection that was lent, with all around it as `connect` gives it: who says what failed closes it."""
        assert entry.dbapi_connection is not None
        taken = _ConnectionFairy(self, entry.dbapi_connection, entry, echo=False)
        taken._counter = 1
        entry.fairy_ref = weakref.ref(taken, lambda _: None)
        return taken


class Loan(PoolProxiedConnection):
    """A connection lent for a transaction, as SQLAlchemy takes it: without what looks after forgotten ones."""

    __slots__ = ("_connection_record", "_pool", "dbapi_connection")

    def __init__(self, entry: _ConnectionRecord, pool: Pool) -> None:
        self._connection_record, self._pool = entry, pool
        self.dbapi_connection: Any = entry.dbapi_connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dbapi_connection, name)

    @property
    def is_valid(self) -> bool:
        return self.dbapi_connection is not None

    @property
    def driver_connection(self) -> Any:  # type: ignore[override]
        return self.dbapi_connection

    @property
    def info(self) -> Any:
        return self._connection_record.info

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        """Have the pool replace it: its server is gone."""
        if self.is_valid:
            self.dbapi_connection = None
            kept = self._pool.kept(self._connection_record)
            kept.invalidate(e, soft)
            if soft:
                kept.close()

    def close(self) -> None:
        """Give it back."""
        if self.is_valid:
            self.dbapi_connection = None
            self._pool.take_back(self._connection_record)

    def _close_special(self, *, transaction_reset: bool) -> None:
        self.close()


def engine_options(settings: Settings) -> dict[str, Any]:
    """The guide's pool (5 and 10 more)."""
    flags = " ".join(f"-c {name}={value}" for name, value in SESSION_SETTINGS.items())
    return {
        "poolclass": Pool,
        "pool_size": settings.db_pool_size,
        "max_overflow": settings.db_max_overflow,
        "pool_recycle": 1800,
        "pool_use_lifo": True,
        "pool_reset_on_return": None,  # below, where there is something to undo
        "json_deserializer": from_json,  # Pydantic's, which takes a quarter of the time
        "hide_parameters": True,  # an error's text would quote what people typed
        "connect_args": {
            "connect_timeout": 2,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "application_name": "cairn",
            "connection_factory": Connection,
            "options": flags,
        },
    }


def prepare_engine(engine: Engine) -> None:
    """Make connections rest in autocommit, ask old ones for a sign of life, and leave a server that only reads."""

    @event.listens_for(engine, "connect")
    def rest_in_autocommit(connection: Connection, entry: ConnectionPoolEntry) -> None:
        connection.autocommit = True
        connection.settle()

    @event.listens_for(engine, "reset")
    def back_to_rest(connection: Connection, entry: ConnectionPoolEntry, state: object) -> None:
        if connection.closed or not connection.rests:
            connection.rollback()  # raises for one that is closed, and the pool opens another
            connection.autocommit = True
            if not connection.rests:
                raise exc.DisconnectionError()
        entry.info["rested"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def sign_of_life(connection: Connection, entry: ConnectionPoolEntry, proxy: object) -> None:
        if time.monotonic() - entry.info.get("rested", time.monotonic()) < IDLE:
            return
        try:
            connection.ping()
        except Exception as error:
            raise exc.DisconnectionError() from error  # the pool opens another

    event.listen(engine, "do_execute", eyes.execute)

    @event.listens_for(engine, "handle_error")
    def leave_a_standby(context: ExceptionContext) -> None:
        """A server that only reads was the primary perhaps; the next connection may find who is it now."""
        if getattr(context.original_exception, "pgcode", None) == READ_ONLY:
            context.is_disconnect = True
