"""How commands end: whatever a person can mend is told in a sentence, without a trace."""

import atexit
import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import wraps
from types import FrameType
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from pydantic import ValidationError

from webapp.errors import CairnError
from webapp.faults import DBAPIError, InterfaceError, OperationalError, state
from webapp.http.words import words
from webapp.ops import service as ops
from webapp.stores.bucket import Away

# What to do about a refusal of the database, by the beginning of its SQLSTATE. Others are mistakes of ours.
ADVICE = {
    "25006": "Use the primary, or end default_transaction_read_only.",
    "40": "Try again.",
    "42501": "Let the role in DATABASE_URL own the database.",
    "53": "Give the database more room, or try again later.",
    "55": "Try again when nobody else holds what this needs.",
    "57": "Try again.",
    "58": "Look into the log of the database's server.",
}
UNREACHABLE = "Make or start it, or mend DATABASE_URL."


def plain(command: click.Command, *, on_any_database: bool = False) -> click.Command:
    """The same command, its faults told in sentences; unless `on_any_database`, it runs only on a prepared one."""
    same = copy(command)
    if isinstance(same, click.Group):
        same.commands = {name: plain(one, on_any_database=on_any_database) for name, one in same.commands.items()}
    elif same.callback is not None:
        same.callback = _plain(same.callback, on_any_database)
    return same


def _plain(callback: Callable[..., Any], on_any_database: bool) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        with leaving_at_once(), plainly():
            if not on_any_database:
                ops.require_prepared()
            return callback(*args, **kwargs)

    return with_appcontext(run)


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """Let Ctrl-C end the program then and there: what is not finished, the database undoes.

    Python's own way is an exception at any line, which some lines turn into a trace, or swallow.
    """

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        atexit._run_exitfuncs()  # an embedded database stops with the last who uses it
        os._exit(128 + number)

    former = signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


@contextmanager
def plainly() -> Iterator[None]:
    """End the program with status 1 and a line for each fault, if a person can mend it; else let the error pass."""
    try:
        yield
    except (ValidationError, CairnError, DBAPIError, OSError) as error:
        lines = _lines(error)
        if not lines:
            raise
        for line in lines:
            click.echo(line, err=True)
        raise SystemExit(1) from None


def _lines(error: Exception) -> list[str]:
    if isinstance(error, ValidationError):
        return [f"{'.'.join(map(str, fault['loc']))} {words(fault)}" for fault in error.errors()]
    if isinstance(error, Away):
        return [f"cairn: the store for files cannot be used: {error.reason}."]
    if isinstance(error, CairnError):
        named = [f"{field} {' '.join(sentences)}".strip() for field, sentences in error.errors.items()]
        return named or [f"cairn: {error}"]
    if isinstance(error, DBAPIError):
        return _of_the_database(error)
    return _of_a_file(error) if isinstance(error, OSError) else []


def _of_a_file(error: OSError) -> list[str]:
    if not error.filename or error.errno == errno.EPIPE:
        return []
    return [f"cairn: {error.filename} cannot be used ({error.strerror}). Put that right, and try again."]


def _of_the_database(error: DBAPIError) -> list[str]:
    """The first line of what the database says, and what to do."""
    code = state(error)
    advice = next((what for begins, what in ADVICE.items() if code.startswith(begins)), "")
    if not advice and isinstance(error, OperationalError | InterfaceError):
        advice = UNREACHABLE
    said = " ".join(str(error.orig).strip().partition("\n")[0].split())
    return [f"cairn: the database cannot be used: {said}. {advice}"] if advice else []
