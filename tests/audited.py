"""Whatever a request or a command writes into the tables that say who may do what leaves one record of it.

What is undone is not counted, and neither is what tests write by themselves.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import click
from flask import has_request_context, request
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.locks import LOCKS
from webapp.http.application import noted

RECORD = re.compile(r"\bINTO audit_records\b")
MORE = re.compile(
    r"\b(?:INSERT INTO (?:users|projects) |UPDATE projects SET .*\b(?:archived_at|owner_id|key)=)", re.DOTALL
)
# These write there and leave another number of records than one, and why.
OTHERWISE = {
    "auth.login": (
        range(1, 8),
        "the login that the browser held until now ends as well, a code on paper is used up, groups give and take roles",
    ),
    "auth.login_by_passkey": ((1, 2), "the same without paper"),
    "factors.login": ((1, 2, 3), "the same"),
    "personal_tokens.revoke_all": ((0, 1), "there may be none"),
    "factors.rename_passkey": ((0,), "changes what it is called"),
    "auth.register": ((1, 2), "the same"),
    "claiming.register": ((1, 2), "the same: it may be somebody else's that the browser held"),
    "links.reset": (range(1, 8), "logins elsewhere end with it, and what groups there gave"),
    "links.undo": (range(1, 8), "the same"),
    "links.finish": ((1, 2), "the same"),
    "sso.callback": (
        range(9),
        "an account, roles and a login may come of one, or a second factor is asked for first",
    ),
    "sso.link": ((1, 2, 3), "roles come with the login that is linked"),
    "sso.unlink": ((1, 2, 3), "and go with it"),
    "people.unlink": (range(1, 9), "roles go with the login that is removed"),
    "auth.confirm": ((1, 2), "a code on paper may be used up"),
    "auth.refresh": ((0, 1), "goes on with a login; only a token that was copied is told"),
    "members.register": ((0, 2, 3), "makes an account, and takes an invitation with it; tests end that meanwhile"),
    "moderation.decide": (range(1, 201), "decides on up to a hundred posts, and blocks their authors"),
    "people.purge": ((1, 2), "deactivates them as well, if they are active"),
    "people.update": ((1, 2), "may say at once that somebody is active, and that they are an administrator"),
    "code_hosts.receive": ((0,), "notes that something came in"),
    "webhooks.test": ((0,), "notes that something was sent"),
    "import github": ((0, 1), "people are brought in many transactions, the last of which is told"),
}


@dataclass
class Unit:
    """A request, or a transaction of a command: what it has committed."""

    name: str
    written: Counter[str] = field(default_factory=Counter)

    @property
    def fault(self) -> str:
        expected = OTHERWISE[self.name][0] if self.name in OTHERWISE else (1,)
        is_wrong = self.written["locks"] and self.written["records"] not in expected
        return f"{self.name}: {self.written['records']} records" if is_wrong else ""


class Watch(threading.local):
    """What the transaction at hand has written, and the units whose it is once it is committed.

    Looks at reads as little as can be: the calls of pages are counted.
    """

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.open: list[str] = []

    def look(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT" not in statement and "UPDATE" not in statement and "DELETE" not in statement:
            return
        if RECORD.search(statement):
            self.open.append("records")
        elif LOCKS.search(statement) or MORE.search(statement):
            self.open.append("locks")

    def commit(self, _session: Session) -> None:
        if self.open and (unit := self.unit()):
            unit.written.update(self.open)
        self.open = []

    def undo(self, _session: Session) -> None:
        self.open = []

    def unit(self) -> Unit | None:
        """Whose this is; nobody's what a test writes by itself."""
        if has_request_context():
            return noted().get("audited") or noted().setdefault("audited", self.begun(request.endpoint or ""))
        command = click.get_current_context(silent=True)
        return self.begun(command.command_path.partition(" ")[2]) if command else None

    def begun(self, name: str) -> Unit:
        self.units.append(Unit(name))
        return self.units[-1]


@contextmanager
def watching(units: list[Unit]) -> Iterator[None]:
    """Put into a list what requests and commands commit."""
    watch = Watch(units)
    listeners = (
        (Engine, "before_cursor_execute", watch.look),
        (Session, "after_commit", watch.commit),
        (Session, "after_rollback", watch.undo),
    )
    with ExitStack() as undo:
        for target, name, act in listeners:
            event.listen(target, name, act)
            undo.callback(event.remove, target, name, act)
        yield
