from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from webapp.db import AnyRow, AnySelect, db
from webapp.models.accounts import User
from webapp.models.history import TextVersion
from webapp.paging import Place
from webapp.reading import Built, read

COLUMNS = ("issue_id", "comment_id", "version", "body", "edited_by")


def _adding() -> AnySelect:
    bound = [bindparam(name, type_=getattr(TextVersion, name).type) for name in COLUMNS]
    new = insert(TextVersion).from_select(COLUMNS, select(*bound), include_defaults=False)
    added = new.returning(TextVersion.id).cte("added")
    return select(added.c.id)


_ADDING = Built(_adding())


def add(issue_id: int, comment_id: int | None, version: int, body: str, edited_by: int) -> None:
    read(_ADDING, dict(zip(COLUMNS, (issue_id, comment_id, version, body, edited_by), strict=True)))


def of_text(issue_id: int, comment_id: int | None, at: Place | None, limit: int) -> Sequence[AnyRow]:
    """The former texts of a comment, or without one of the issue; the last one first, from a place on.

    The row at the place comes along: it is what the first one after it became.
    """
    statement = _of_text(issue_id, comment_id)
    if at is not None:
        statement = statement.where(TextVersion.id <= at.key[0])
    return read(statement.order_by(TextVersion.id.desc()).limit(limit)).all()


def from_version(issue_id: int, comment_id: int | None, version: int) -> Sequence[AnyRow]:
    """The former text of a version or, where there is none, of the next one; and the one that followed it."""
    statement = _of_text(issue_id, comment_id).where(TextVersion.version >= version)
    return read(statement.order_by(TextVersion.id).limit(2)).all()


def _of_text(issue_id: int, comment_id: int | None) -> AnySelect:
    return (
        select(
            TextVersion.id, TextVersion.version, TextVersion.body, TextVersion.created_at, TextVersion.forgotten_at,
            User.id.label("editor_id"), User.name.label("editor_name"), User.avatar,
        )
        .join(User, User.id == TextVersion.edited_by)
        .where(*_of(TextVersion, issue_id, comment_id))
    )  # fmt: skip


def numbered(issue_id: int, comment_id: int | None, version: int) -> AnyRow | None:
    """The text of this version, and who wrote it: whoever replaced the one before; None for the first one."""
    before = aliased(TextVersion)
    writer = (
        select(before.edited_by)
        .where(*_of(before, issue_id, comment_id), before.id < TextVersion.id)
        .order_by(before.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    those = *_of(TextVersion, issue_id, comment_id), TextVersion.version == version
    columns = TextVersion.id, TextVersion.version, TextVersion.body, TextVersion.forgotten_at
    return read(select(*columns, writer.label("written_by")).where(*those)).one_or_none()


def forget(version_id: int) -> str | None:
    """Forget a text for good; returns what it was, or None if it was forgotten before."""
    that = select(TextVersion.body).where(TextVersion.id == version_id, TextVersion.forgotten_at.is_(None))
    text = db.session.scalar(that.with_for_update())
    if text is not None:
        gone = update(TextVersion).where(TextVersion.id == version_id)
        db.session.execute(gone.values(body="", forgotten_at=func.now()))
    return text


def count(issue_id: int, comment_id: int | None, limit: int) -> int:
    """How many former texts there are, counted up to the limit."""
    versions = select(TextVersion.id).where(*_of(TextVersion, issue_id, comment_id)).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(versions)) or 0


def _of(model: Any, issue_id: int, comment_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """What is of the comment, or without one of the issue itself."""
    own = model.comment_id.is_(None) if comment_id is None else model.comment_id == comment_id
    return model.issue_id == issue_id, own
