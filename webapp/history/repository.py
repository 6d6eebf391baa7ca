from collections.abc import Sequence

from sqlalchemy import insert, select

from webapp.accounts.models import User
from webapp.db import AnyRow, AnySelect, db
from webapp.history.models import TextVersion
from webapp.paging import Place
from webapp.reading import read


def add(issue_id: int, comment_id: int | None, version: int, body: str, edited_by: int) -> None:
    db.session.execute(
        insert(TextVersion).values(
            issue_id=issue_id, comment_id=comment_id, version=version, body=body, edited_by=edited_by
        )
    )


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
            TextVersion.id, TextVersion.version, TextVersion.body, TextVersion.created_at,
            User.id.label("editor_id"), User.name.label("editor_name"),
        )
        .join(User, User.id == TextVersion.edited_by)
        .where(TextVersion.issue_id == issue_id)
        .where(TextVersion.comment_id.is_(None) if comment_id is None else TextVersion.comment_id == comment_id)
    )  # fmt: skip
