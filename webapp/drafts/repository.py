from datetime import timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from webapp.db import db
from webapp.models.drafts import Draft


def add(token_hash: bytes, path: str, fields: bytes) -> None:
    db.session.execute(insert(Draft).values(token_hash=token_hash, path=path, fields=fields))


def fields(token_hash: bytes, path: str, within: timedelta) -> bytes | None:
    """What was typed into the form of this page by who holds the token."""
    its = Draft.token_hash == token_hash, Draft.path == path
    return db.session.scalar(select(Draft.fields).where(*its, Draft.created_at > func.now() - within))


def remove(token_hash: bytes, path: str | None) -> bool:
    """Whether there was one; of this page, if one is named."""
    its = [Draft.token_hash == token_hash, *([Draft.path == path] if path is not None else [])]
    return db.session.execute(delete(Draft).where(*its).returning(Draft.path)).first() is not None


def trim(before: timedelta, newest: int) -> None:
    """Remove the old ones, and all but so many of the newest."""
    surplus = select(Draft.token_hash).order_by(Draft.created_at.desc()).offset(newest)
    db.session.execute(
        delete(Draft).where(or_(Draft.created_at < func.now() - before, Draft.token_hash.in_(surplus)))
    )
