from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from webapp.accounts.rows import Person
from webapp.blocks.rows import BlockRow
from webapp.db import AnyRow, db
from webapp.models.accounts import User, has_handle
from webapp.models.members import Block
from webapp.reading import Built, read

_OTHER = aliased(User)
_ROWS = (
    select(User.id, User.name, User.avatar, _OTHER.id, _OTHER.name, _OTHER.avatar, Block.created_at)
    .select_from(Block)
    .join(User, User.id == Block.user_id)
    .join(_OTHER, _OTHER.id == Block.blocked_by)
    .where(Block.project_id == bindparam("project_id"))
)
_OF_PROJECT = Built(_ROWS.order_by(User.sort_key, User.id))
_ONE = Built(_ROWS.where(Block.user_id == bindparam("user_id")))


def of_project(project_id: int) -> Sequence[BlockRow]:
    """Whom a project's owners have blocked, by name."""
    return [_block(row) for row in read(_OF_PROJECT, {"project_id": project_id})]


def numbered(project_id: int, user_id: int) -> BlockRow | None:
    """Somebody who is blocked from the project."""
    row = read(_ONE, {"project_id": project_id, "user_id": user_id}).one_or_none()
    return _block(row) if row else None


def called(handle: str) -> User | None:
    """Who has this handle, in any case, or had it before their account was merged."""
    return db.session.scalar(select(User).where(has_handle(handle.lower())))


def person(user_id: int) -> User | None:
    """Somebody by their number."""
    return db.session.get(User, user_id)


def add(project_id: int, user_id: int, by_id: int) -> bool:
    """Block somebody; whether they were not blocked before."""
    made = insert(Block).values(project_id=project_id, user_id=user_id, blocked_by=by_id)
    return db.session.scalar(made.on_conflict_do_nothing().returning(Block.user_id)) is not None


def remove(project_id: int, user_id: int) -> None:
    """Let them take part again."""
    db.session.execute(delete(Block).where(Block.project_id == project_id, Block.user_id == user_id))


def _block(row: AnyRow) -> BlockRow:
    *people, created_at = row
    return BlockRow(Person(*people[:3]), Person(*people[3:]), created_at)
