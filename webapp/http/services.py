"""What `http/` needs of features that it does not know: handed in by webapp/handing.py, which knows them all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, NamedTuple, Protocol

from flask import Flask

from webapp.access import Viewer
from webapp.http.application import application
from webapp.quotas import Quota


class Answer(NamedTuple):
    """How a request was answered: its status, where the new thing is, what was said of it."""

    status: int
    location: str
    body: str


class Drafts(Protocol):
    """What was typed into forms by those whose login was over, by the secret of their browser."""

    KEPT: timedelta

    def keep(self, token: str, path: str, typed: Iterable[tuple[str, str]]) -> bool: ...

    def kept(self, token: str, path: str) -> list[tuple[str, str]] | None: ...

    def forget(self, token: str, path: str | None = None) -> bool: ...

    def may_be_kept(self, name: str) -> bool: ...


class Files(Protocol):
    """What comes in with a form: where it waits, how much it may be, and how it is stored.

    Who sends slowly must not keep a connection of the database: `release` gives it back.
    What `storing` returns takes a file and its name, and tells how a text names it.
    """

    def incoming(self) -> str: ...

    def most(self) -> int: ...

    def storing(self, path: Mapping[str, Any], by: Viewer) -> Callable[[IO[bytes], str], str]: ...

    def release(self) -> None: ...

    def sweep_some(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """`person` tells of whom the claims of a token speak, `holder` who has a personal access token.

    `spend` counts what somebody may do only so often and tells what is left, `is_of_team` says whether they work in
    the project that is asked for, `once` acts unless that was done under a key, `fill` puts into a form what its
    words name.
    """

    person: Callable[[Mapping[str, Any]], Viewer | None]
    holder: Callable[[str], Viewer | None]
    spend: Callable[[str, Viewer | None, str, str, str], Quota | None]
    is_of_team: Callable[[], bool]
    once: Callable[[Viewer, str, bytes, Callable[[], tuple[int, str, str] | None]], tuple[int, str, str] | None]
    fill: Callable[[Mapping[str, Any]], None]
    drafts: Drafts
    files: Files


def services() -> Services:
    """What was handed in."""
    found: Services = application().extensions["services"]
    return found


def init_app(app: Flask, handed: Services) -> None:
    app.extensions["services"] = handed
