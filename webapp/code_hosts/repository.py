"""Connected repositories, and who connected them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import aliased

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.code_hosts.rows import Host
from webapp.db import AnyRow, db
from webapp.models.accounts import ACTING, User
from webapp.models.code_hosts import CodeHost
from webapp.models.projects import Membership
from webapp.reading import read

_CONNECTOR = aliased(User)
_HOSTS = select(
    CodeHost.id, CodeHost.project_id, CodeHost.kind, CodeHost.url, CodeHost.address, CodeHost.salt,
    CodeHost.former_salt, CodeHost.former_by, CodeHost.former_until, CodeHost.created_at,
    _CONNECTOR.id.label("connector_id"), _CONNECTOR.name.label("connector_name"), _CONNECTOR.avatar,
).join(_CONNECTOR, _CONNECTOR.id == CodeHost.connected_by)  # fmt: skip
_PEOPLE = select(*ACTING).where(User.is_active)


def of(project_id: int) -> Sequence[Host]:
    """Those of a project, the oldest first."""
    return [_host(row) for row in read(_HOSTS.where(CodeHost.project_id == project_id).order_by(CodeHost.id))]


def numbered(project_id: int, host_id: int) -> Host | None:
    """One of them."""
    return _first(read(_HOSTS.where(CodeHost.project_id == project_id, CodeHost.id == host_id)).all())


def addressed(address: str) -> Host | None:
    """The one whose address ends so."""
    return _first(read(_HOSTS.where(CodeHost.address == address)).all())


def add(**values: Any) -> int:
    """A new one; its id."""
    made: int = db.session.execute(insert(CodeHost).values(values).returning(CodeHost.id)).scalar_one()
    return made


def change(host_id: int, url: str | None) -> None:
    """Let it be looked at elsewhere."""
    db.session.execute(update(CodeHost).where(CodeHost.id == host_id).values(url=url))


def learn(host_id: int, url: str) -> None:
    """Keep where it can be looked at, unless that is known."""
    there = CodeHost.id == host_id, CodeHost.url.is_(None)
    db.session.execute(update(CodeHost).where(*there).values(url=url))


def rotate(host_id: int, salt: bytes, by_id: int, overlap: timedelta) -> None:
    """Give it another secret, of another person perhaps; the former one holds beside it for a while."""
    former = {"former_salt": CodeHost.salt, "former_by": CodeHost.connected_by, "former_until": func.now() + overlap}
    now = {"salt": salt, "connected_by": by_id}
    db.session.execute(update(CodeHost).where(CodeHost.id == host_id).values({**former, **now}))


def remove(host_id: int) -> None:
    """It is gone, with its log."""
    db.session.execute(delete(CodeHost).where(CodeHost.id == host_id))


def active(person_id: int) -> Viewer | None:
    """Somebody as who they are now; None for who may no longer act."""
    row = read(_PEOPLE.where(User.id == person_id)).one_or_none()
    return Viewer.of(row) if row else None


def members(project_id: int, emails: Sequence[str]) -> dict[str, Viewer]:
    """The members of a project by those of these addresses that they have confirmed, in small letters."""
    if not emails:
        return {}
    rows = read(
        _PEOPLE.join(Membership, Membership.user_id == User.id).where(
            Membership.project_id == project_id,
            User.email_confirmed_at.is_not(None),
            func.lower(User.email).in_(sorted(emails)),
        )
    )
    return {row.email.lower(): Viewer.of(row) for row in rows}


def _first(rows: Sequence[AnyRow]) -> Host | None:
    return _host(rows[0]) if rows else None


def _host(row: AnyRow) -> Host:
    connector = Person(row.connector_id, row.connector_name, row.avatar)
    former = None if row.former_salt is None else bytes(row.former_salt)
    known = row.id, row.project_id, connector, row.kind, row.url, row.address, bytes(row.salt), former
    return Host(*known, row.former_by, row.former_until, row.created_at)
