"""The database: engine, pool, base model, and the one place where a transaction begins and ends.

Connections rest in autocommit: a read is exactly its statement, with no BEGIN and ROLLBACK around it,
which halves the round trips of a page. `@transaction` has its connection begin a real transaction with its
first statement, in the same message; one that is a single statement needs none (webapp/single.py).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Computed, Engine, Identity, MetaData, Row, Select, event, func, text
from sqlalchemy.orm import DeclarativeBase, MappedColumn, Session, mapped_column, registry, scoped_session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TIMESTAMP, BigInteger, Text

from webapp import claims, contexts, opened
from webapp.connections import Connection
from webapp.contexts import noted
from webapp.errors import NotFound
from webapp.opened import AFTERWARDS, FIRST, OPEN, Joined, Transaction
from webapp.pooling import prepare_engine

# Rows and statements whose columns are read by name or handed to a typed row.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

P = ParamSpec("P")
R = TypeVar("R")

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Now = Annotated[datetime, mapped_column(TIMESTAMP(timezone=True), server_default=func.now())]

NAMES = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


class Base(DeclarativeBase):
    """All tables. Constraints have names, so that migrations can speak of them."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={int: BigInteger, datetime: TIMESTAMP(timezone=True)},
    )
    metadata = registry.metadata


class Database(SQLAlchemy):
    """One session for each context of the application, and none where none was asked for."""

    def _teardown_session(self, exc: BaseException | None) -> None:
        if present() is not None:
            self.session.remove()


_OPTIONS = {"class_": opened.Session, "expire_on_commit": False, "scopefunc": contexts.here}
db = Database(model_class=Base, session_options=_OPTIONS)
# Flask-SQLAlchemy makes its Model at run time; type checkers read the declarative base instead.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def sort_key_of(name: str) -> MappedColumn[str]:
    """The column that a table's rows are sorted by, as people sort names: the database makes it of this one.

    Compared byte by byte, and read by nobody: `webapp/text/sorting.py` tells what is in it.
    """
    return mapped_column(Text(collation="C"), Computed(f"natural_key({name})", persisted=True), deferred=True)


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        app.extensions["engines"] = db.engines  # themselves: to ask for them takes six calls


def tell_of_statements(app: Flask, note: Callable[..., None]) -> None:
    """Have `note` called before each statement of this application."""
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)


def allow(seconds: int) -> None:
    """Let a statement of the transaction at hand take longer than others may."""
    session = db.session()
    session.execute(text(f"SET LOCAL statement_timeout = '{seconds}s'"))
    driver = session.connection().connection.dbapi_connection
    if isinstance(driver, Connection):
        driver.longest = seconds + 1.0


# What is asked last before a commit; whatever it raises undoes the transaction.
before_commit: list[Callable[[], object]] = []


def after_commit(act: Callable[[], object]) -> None:
    """Have this done once the open transaction is committed; never, if it is undone."""
    noted().setdefault(AFTERWARDS, []).append(act)


def transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Commit what the function did, or undo all of it. Called inside another one, it joins that.

    Whoever it is handed as `by`, and whatever they are required to be allowed in it, must still be so at its end.
    """
    names = list(signature(function).parameters)
    index = names.index("by") if "by" in names else None

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transacting():
            if index is not None:
                acting: Any = kwargs["by"] if "by" in kwargs else args[index]
                claims.acts(acting)
            return function(*args, **kwargs)

    return run


def apart(function: Callable[P, R]) -> Callable[P, R]:
    """The same for what is only noted by the way: it does not begin a transaction that outlasts it."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        notes = noted()
        first = notes.pop(FIRST, None)
        try:
            with transacting():
                return function(*args, **kwargs)
        finally:
            if first is not None:
                notes[FIRST] = first

    return run


def transacting() -> AbstractContextManager[scoped_session[FlaskSession]]:
    """The same for a block of code: commands and imports that are no single function."""
    notes = noted()
    if OPEN not in notes:
        first = notes.get(FIRST)
        if first is None:
            return _Ending(notes, begins=True)
        _begin(notes)
        first()
    notes[OPEN].is_joined = True
    return nullcontext(db.session)  # the block that this one is in ends it


@contextmanager
def at_length(engine: Engine) -> Iterator[Any]:
    """A transaction that takes its time, on a connection of its own: for what goes over the whole database."""
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit, driver.longest = False, float("inf")
        yield connection
        connection.commit()


@contextmanager
def together(first: Callable[[], None]) -> Iterator[None]:
    """One transaction for all changes within the block. It begins with the first of them, and `first` before that.

    So what is looked up and worked out before there is anything to change keeps no row and no one waiting.
    """
    notes = noted()
    with _Ending(notes, begins=False):
        notes[FIRST] = first
        try:
            yield
        finally:
            del notes[FIRST]


def is_together() -> bool:
    """Whether the first change will begin a transaction that outlasts it."""
    return FIRST in noted()


def present() -> Session | None:
    """The session, if something has made it yet: to ask whether one is there makes none."""
    return db.session.registry.registry.get(contexts.here())  # type: ignore[no-any-return]


def is_changing() -> bool:
    """Whether a transaction is open."""
    return OPEN in noted()


def connected() -> Transaction | None:
    """What the open transaction is on, with all that was changed; None if none is open.

    Raises PendingRollbackError where a flush has failed, after which all can only be undone.
    """
    within: Transaction | None = noted().get(OPEN)
    if within is not None and (session := present()) is not None:
        session.flush()
        if not session.is_active:
            session.connection()  # raises
    return within


def _begin(notes: dict[str, Any]) -> None:
    session, engine = present(), contexts.application().extensions["engines"][None]
    if isinstance(engine, Engine) and (session is None or not session.in_transaction()):
        within = opened.begin(engine)
    else:
        within = Joined(db.session.connection())  # that of what it has read, or of a test
    if (driver := within.driver) is not None and driver.autocommit:
        driver.begin()
    notes[OPEN] = within  # on which all ask until the end
    claims.begin()


class _Ending:
    """Commits what was begun in a block, if all that it rests on still holds, or undoes it.

    Raises NotFound if somebody else has deleted meanwhile what was to be written.
    """

    __slots__ = ("_begins", "_notes")

    def __init__(self, notes: dict[str, Any], *, begins: bool) -> None:
        self._notes, self._begins = notes, begins

    def __enter__(self) -> scoped_session[FlaskSession]:
        if self._begins:
            try:
                _begin(self._notes)
            except BaseException as error:
                self._undo(error)
                raise
        return db.session

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None:
            self._undo(error)
            return
        try:
            if OPEN in self._notes:
                for ask in before_commit:
                    ask()
                opened.commit(present())
                for act in self._notes.pop(AFTERWARDS, ()):
                    act()
            claims.end()
        except BaseException as failed:
            self._undo(failed)
            raise

    def _undo(self, error: BaseException) -> None:
        try:
            opened.undo(present())
        finally:
            self._notes.pop(AFTERWARDS, None)
            claims.end()
        if isinstance(error, StaleDataError):
            raise NotFound() from error


@event.listens_for(opened.Session, "before_flush")  # not on SQLAlchemy's, which outlives a reload
def _only_in_a_transaction(session: Session, *_: Any) -> None:
    if OPEN not in noted():
        raise RuntimeError("A change outside @transaction would be committed statement by statement.")


def release() -> None:
    """Give the connection back before something slow that needs none, so that others may have it."""
    if not is_changing():
        db.session.close()
