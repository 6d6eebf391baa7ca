"""Queries about mail that came in."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from webapp.access import Viewer
from webapp.db import AnyRow, db
from webapp.errors import NotFound
from webapp.i18n import _
from webapp.mail_in.rows import HeldIn, HeldRow, IncomingRow, Known, Opened, Place, Told
from webapp.models.accounts import ACTING, User, has_handle
from webapp.models.issues import Issue
from webapp.models.mail_in import IncomingMail, ProjectMailbox, State
from webapp.models.projects import Project
from webapp.reading import read

_PERSON = select(*ACTING, User.token_epoch).where(
    User.is_active, User.email.is_not(None), User.email_confirmed_at.is_not(None)
)

_HELD = (
    IncomingMail.id, IncomingMail.sender, IncomingMail.subject, IncomingMail.came_at, IncomingMail.words,
    IncomingMail.files,
)  # fmt: skip


def add(digest: bytes, recipient: str, source: bytes) -> int | None:
    """Write it down; None if it came before."""
    new = insert(IncomingMail).values(digest=digest, recipient=recipient, source=source)
    made: int | None = db.session.scalar(new.on_conflict_do_nothing().returning(IncomingMail.id))
    return made


def locked(incoming_id: int) -> IncomingRow | None:
    """One that waits, which nobody else takes until the transaction ends."""
    row = db.session.get(IncomingMail, incoming_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != State.WAITING or row.source is None:
        return None
    return IncomingRow(row.id, row.recipient, row.source, row.issue_id)


def note(incoming_id: int, **values: Any) -> None:
    """Write down what is known of it by now."""
    db.session.execute(update(IncomingMail).where(IncomingMail.id == incoming_id).values(values))


def turn(incoming_id: int, old: State, new: State, answer: str) -> str | None:
    """Make of one that is `old` a `new` one; who sent it, empty if that is not known. None for another one."""
    those = update(IncomingMail).where(IncomingMail.id == incoming_id, IncomingMail.state == old)
    row = db.session.execute(those.values(state=new, answer=answer).returning(IncomingMail.sender)).one_or_none()
    return (row.sender or "") if row else None


def end(incoming_id: int, state: State, answer: str) -> None:
    """Write down what became of it, and forget how it was."""
    note(incoming_id, state=state, answer=answer, source=None, words="", files=[], ended_at=func.now())


def told(incoming_id: int) -> Told | None:
    """What there is to tell whoever sent it."""
    is_taken = IncomingMail.state == State.TAKEN
    columns = IncomingMail.subject, IncomingMail.answer, IncomingMail.came_at, is_taken
    asked = select(*columns, IncomingMail.recipient, IncomingMail.issue_id).where(IncomingMail.id == incoming_id)
    row = read(asked).one_or_none()
    return Told(*row) if row else None


def sent_lately(sender: str, within: timedelta) -> int:
    """How many came from this address."""
    recent = IncomingMail.came_at > func.now() - within
    number: int = read(
        select(func.count()).select_from(IncomingMail).where(IncomingMail.sender == sender, recent)
    ).scalar_one()
    return number


def with_id(user_id: int) -> Known | None:
    """Somebody who may log in, by their id."""
    return _known(read(_PERSON.where(User.id == user_id)).one_or_none())


def with_address(address: str) -> Known | None:
    """The same by their address."""
    return _known(read(_PERSON.where(func.lower(User.email) == address.lower())).one_or_none())


def with_handle(handle: str) -> int | None:
    """The id of whoever is called so."""
    found: int | None = read(select(User.id).where(has_handle(handle.lower()), User.is_active)).scalar()
    return found


def place_of(issue_id: int) -> Place | None:
    """Where an issue is; None if it is deleted for good."""
    row = read(select(Issue.project_id, Issue.number).where(Issue.id == issue_id)).one_or_none()
    return Place(*row) if row else None


def open_project(key: str) -> Opened | None:
    """The project of this key, if it takes mail."""
    asked = (
        select(Project.id, ProjectMailbox.private)
        .join(ProjectMailbox, ProjectMailbox.project_id == Project.id)
        .where(Project.key == key)
    )
    row = read(asked.where(Project.archived_at.is_(None))).one_or_none()
    return Opened(*row) if row else None


def opened(project_id: int) -> Opened | None:
    """The same of the project with this id, archived or not."""
    asked = select(ProjectMailbox.project_id, ProjectMailbox.private).where(ProjectMailbox.project_id == project_id)
    row = read(asked).one_or_none()
    return Opened(*row) if row else None


def set_open(project_id: int, *, is_open: bool, private: bool) -> None:
    """Let a project take mail, as private issues or others, or no longer."""
    if is_open:
        new = insert(ProjectMailbox).values(project_id=project_id, private=private)
        keys = [ProjectMailbox.project_id]
        db.session.execute(new.on_conflict_do_update(index_elements=keys, set_={"private": private}))
    else:
        db.session.execute(delete(ProjectMailbox).where(ProjectMailbox.project_id == project_id))


def held(project_id: int, most: int) -> list[HeldRow]:
    """The mails that wait for a decision there, the oldest first; without their sources."""
    asked = select(*_HELD).where(*_held_of(project_id)).order_by(IncomingMail.id).limit(most)
    return [HeldRow(*row) for row in read(asked)]


def held_number(project_id: int) -> int:
    """How many these are."""
    number: int = read(select(func.count()).select_from(IncomingMail).where(*_held_of(project_id))).scalar_one()
    return number


def held_in(most: int) -> list[HeldIn]:
    """Where any wait, but for archived projects: those with most first."""
    number = func.count()
    asked = (
        select(Project.key, Project.name, number)
        .join(IncomingMail, IncomingMail.project_id == Project.id)
        .where(IncomingMail.state == State.HELD, Project.archived_at.is_(None))
        .group_by(Project.id, Project.key, Project.name)
        .order_by(number.desc(), Project.id)
        .limit(most)
    )
    return [HeldIn(*row) for row in read(asked)]


def one_held(project_id: int, letter_id: int) -> HeldRow | None:
    """One of them, with its source."""
    row = read(
        select(*_HELD, IncomingMail.source).where(*_held_of(project_id), IncomingMail.id == letter_id)
    ).one_or_none()
    return HeldRow(*row) if row else None


def take_held(project_id: int, letter_id: int) -> None:
    """Keep others from deciding until the transaction ends. Raises NotFound if it is decided."""
    asked = select(IncomingMail.id).where(*_held_of(project_id), IncomingMail.id == letter_id).with_for_update()
    if db.session.scalar(asked) is None:
        raise NotFound(_("This mail does not wait any more."))


def accepted(letter_id: int, issue_id: int) -> None:
    """Write down what was made of it."""
    note(letter_id, issue_id=issue_id)
    end(letter_id, State.TAKEN, "")


def refused(letter_id: int) -> None:
    """Write down that it was let go."""
    end(letter_id, State.REFUSED, "A maintainer let it go.")


def _held_of(project_id: int) -> tuple[Any, ...]:
    return IncomingMail.project_id == project_id, IncomingMail.state == State.HELD


def clear(older_than: timedelta, most: int) -> int:
    """Forget so many of those that are older and decided; how many there were."""
    is_decided = IncomingMail.state.not_in((State.WAITING, State.HELD))
    old = select(IncomingMail.id).where(IncomingMail.came_at < func.now() - older_than, is_decided).limit(most)
    gone = delete(IncomingMail).where(IncomingMail.id.in_(old)).returning(IncomingMail.id)
    return len(db.session.scalars(gone).all())


def _known(row: AnyRow | None) -> Known | None:
    return Known(Viewer.of(row), row.token_epoch) if row is not None else None
