from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, or_, select, text, update

from webapp.accounts.rows import Person
from webapp.db import AnySelect, db
from webapp.models.accounts import User
from webapp.models.attachments import Attachment, Installation
from webapp.models.comments import Comment
from webapp.models.issues import Issue
from webapp.reading import read
from webapp.text import attached


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file, and the project of the issue that it belongs to or was uploaded for."""

    id: int
    name: str
    stored: str
    size: int
    media_type: str
    sha256: str
    width: int | None
    height: int | None
    has_thumbnail: bool
    created_at: datetime
    issue_id: int | None
    issue_number: int | None
    project_id: int
    is_in_trash: bool
    uploader: Person

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    @property
    def url(self) -> str:
        return attached.address(self.id, self.name)

    @property
    def thumbnail_url(self) -> str | None:
        return attached.thumbnail(self.id) if self.is_picture else None

    @property
    def shown_size(self) -> tuple[int, int]:
        """How large its small picture is."""
        return attached.Attached(self.id, self.width or 1, self.height or 1).shown_size

    @property
    def markdown(self) -> str:
        return attached.markdown(self.id, self.name, self.width, self.height)


_SHOWN: AnySelect = (
    select(
        Attachment.id, Attachment.name, Attachment.stored, Attachment.size, Attachment.media_type,
        Attachment.sha256, Attachment.width, Attachment.height, Attachment.has_thumbnail, Attachment.created_at,
        Attachment.issue_id, Issue.number, func.coalesce(Issue.project_id, Attachment.project_id),
        or_(Issue.deleted_at.is_not(None), Comment.deleted_at.is_not(None)), User.id, User.name, User.avatar,
    )
    .join(User, User.id == Attachment.user_id)
    .outerjoin(Issue, Issue.id == Attachment.issue_id)
    .outerjoin(Comment, Comment.id == Attachment.comment_id)
    .where(Attachment.id == bindparam("id"))
)  # fmt: skip


def numbered(attachment_id: int) -> AttachmentRow | None:
    row = read(_SHOWN, {"id": attachment_id}).one_or_none()
    return AttachmentRow(*(*row[:-3], Person(*row[-3:]))) if row else None


def add(attachment: Attachment) -> None:
    db.session.add(attachment)
    db.session.flush()


def remove(attachment_id: int) -> None:
    db.session.execute(delete(Attachment).where(Attachment.id == attachment_id))


def tie(ids: Sequence[int], project_id: int, issue_id: int, comment_id: int | None, user_id: int) -> None:
    """Give somebody's files that belong to no issue yet to this one."""
    db.session.execute(
        update(Attachment)
        .where(Attachment.id.in_(ids), Attachment.project_id == project_id, Attachment.user_id == user_id)
        .values(project_id=None, issue_id=issue_id, comment_id=comment_id)
    )


def uploaded_recently(user_id: int) -> int:
    """How many bytes somebody uploaded within an hour."""
    is_recent = Attachment.created_at > func.now() - text("interval '1 hour'")
    size = db.session.scalar(select(func.sum(Attachment.size)).where(Attachment.user_id == user_id, is_recent))
    return int(size or 0)


def forget_untied() -> Sequence[str]:
    """Delete the rows that no text has named within a day; returns the names of their files."""
    old = Attachment.created_at < func.now() - text("interval '24 hours'")
    gone = delete(Attachment).where(Attachment.project_id.is_not(None), old).returning(Attachment.stored)
    return db.session.scalars(gone).all()


def known(names: Sequence[str]) -> set[str]:
    """Which of these files belong to something, be it somebody whose picture it is."""
    attached = select(Attachment.stored).where(Attachment.stored.in_(names))
    return set(db.session.scalars(attached.union(select(User.avatar).where(User.avatar.in_(names)))))


def installation() -> UUID:
    """Which database this is."""
    found: UUID = read(select(Installation.id)).scalar_one()
    return found


def today() -> date:
    """By the database's clock, in UTC."""
    found: date = read(select(func.current_date())).scalar_one()
    return found
