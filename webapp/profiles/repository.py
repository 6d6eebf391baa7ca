from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, false, null, or_, select, true, update

from webapp.access import Role, Viewer
from webapp.accounts.rows import Deed, Part, Profile
from webapp.db import db
from webapp.events.kinds import Commented, verb_of
from webapp.models.accounts import User, has_number
from webapp.models.comments import Comment
from webapp.models.events import Event
from webapp.models.issues import Issue
from webapp.models.projects import Membership, Project
from webapp.projects.sight import visible_to
from webapp.reading import read

# Of somebody's deeds so many are looked at for those that the viewer may see.
LOOKED_AT = 500


def known(user_id: int, viewer: Viewer | None) -> Profile | None:
    """The person, if they may be known to whoever asks."""
    trusted = viewer is not None and (viewer.is_admin or viewer.id == user_id)
    email = User.email if trusted else null()
    imported = User.origin.is_not(None) & User.password_hash.is_(None)
    row = read(
        select(
            User.id, User.name, email, User.time_zone, User.created_at, User.is_active, imported, User.avatar
        ).where(has_number(user_id), _may_be_known(viewer))
    ).one_or_none()
    return Profile(*row) if row else None


def put_avatar(user_id: int, stored: str | None) -> str | None:
    """Give somebody another picture, or none; returns the file of the one before."""
    before = db.session.scalar(select(User.avatar).where(User.id == user_id).with_for_update())
    db.session.execute(update(User).where(User.id == user_id).values(avatar=stored))
    return before


def parts(user_id: int, viewer: Viewer | None, limit: int) -> Sequence[Part]:
    """The projects that the person is in and the viewer sees, by name."""
    rows = read(
        select(Project.key, Project.name, Membership.role, Project.archived_at)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.user_id == user_id, visible_to(viewer))
        .order_by(Project.sort_key, Project.id)
        .limit(limit)
    )
    return [Part(*row) for row in rows]


def owned_alone(user_id: int) -> Sequence[str]:
    """The keys of the projects whose only owner who can log in is, or was, this person."""
    others = (
        exists()
        .where(Membership.project_id == Project.id, Membership.role == Role.OWNER, Membership.user_id != user_id)
        .where(User.id == Membership.user_id, User.is_active)
    )
    mine = select(Membership.project_id).where(Membership.user_id == user_id, Membership.role == Role.OWNER)
    return db.session.scalars(select(Project.key).where(Project.id.in_(mine), ~others).order_by(Project.key)).all()


def events(user_id: int, viewer: Viewer | None, limit: int) -> Sequence[Deed]:
    """What the person did lately to issues that the viewer sees, latest first."""
    latest = (
        select(Event.id, Event.kind, Event.created_at, Event.issue_id)
        .where(Event.actor_id == user_id, Event.kind != Commented.kind)  # which are told as comments
        .order_by(Event.created_at.desc(), Event.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    rows = read(
        select(latest.c.kind, latest.c.created_at, Project.key, Issue.number, Issue.title)
        .join(Issue, Issue.id == latest.c.issue_id)
        .join(Project, Project.id == Issue.project_id)
        .where(visible_to(viewer), Issue.deleted_at.is_(None))
        .order_by(latest.c.created_at.desc(), latest.c.id.desc())
        .limit(limit)
    )
    return [Deed(row.kind, verb_of(row.kind), *row[1:]) for row in rows]


def comments(user_id: int, viewer: Viewer | None, limit: int) -> Sequence[Deed]:
    """Where the person commented lately, as far as the viewer sees it, latest first."""
    latest = (
        select(Comment.id, Comment.created_at, Comment.issue_id)
        .where(Comment.author_id == user_id, Comment.deleted_at.is_(None))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    rows = read(
        select(latest.c.created_at, Project.key, Issue.number, Issue.title)
        .join(Issue, Issue.id == latest.c.issue_id)
        .join(Project, Project.id == Issue.project_id)
        .where(visible_to(viewer), Issue.deleted_at.is_(None))
        .order_by(latest.c.created_at.desc(), latest.c.id.desc())
        .limit(limit)
    )
    return [Deed(Commented.kind, Commented.verb, *row) for row in rows]


def _may_be_known(viewer: Viewer | None) -> ColumnElement[bool]:
    """Who has an account knows of all the others. Else: whoever has left a trace where the viewer may look."""
    if viewer is not None and viewer.is_admin:
        return true()
    seen = select(Project.id).where(visible_to(viewer))
    shown = Issue.project_id.in_(seen), Issue.deleted_at.is_(None)
    authored = exists().where(Issue.author_id == User.id, *shown)
    commented = exists().where(
        Comment.author_id == User.id, Comment.deleted_at.is_(None), Comment.issue_id == Issue.id, *shown
    )
    member = exists().where(Membership.user_id == User.id, Membership.project_id.in_(seen))
    fellow = User.is_active if viewer is not None else false()
    return or_(fellow, member, authored, commented)
