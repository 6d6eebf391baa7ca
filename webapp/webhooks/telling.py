"""What a delivery tells, read when it is first sent."""

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, Uuid, and_, bindparam, cast, exists, or_, select

from webapp.db import AnyRow, AnySelect
from webapp.events.kinds import KINDS, Commented, CommentEdited, Deleted
from webapp.events.telling import comment_of, readable_data
from webapp.issues.rows import DETAILED, LISTED, IssueDetail, IssueRow, detailed, listed
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.events import Event
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.reading import Built, among, read
from webapp.webhooks.rows import Due, Happened

EVERYTHING = "everything"
# Of what is only told, and stands in no row, nobody hears here.
STORED = tuple(kind for kind, one in KINDS.items() if one.stored)
OF_COMMENTS = (Commented.kind, CommentEdited.kind)


def _happened() -> AnySelect:
    project = cast(bindparam("project", type_=BigInteger), BigInteger)
    its = Comment.id == comment_of(Event.data)
    gone = exists().where(its, Comment.deleted_at.is_not(None))
    private = exists().where(its, Comment.private)
    return (
        select(
            Event.id, Event.issue_id, Event.kind, readable_data(), Event.created_at, Event.actor_id,
            User.name.label("actor"),
            Issue.number, Issue.title, Project.id.label("project_id"), Project.key, Project.name.label("project"),
        )
        .join(Issue, Issue.id == Event.issue_id)
        .join(Project, Project.id == Issue.project_id)
        .join(User, User.id == Event.actor_id)
        .where(
            Event.change_id == bindparam("change", type_=Uuid()),
            Event.issue_id.between(bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)),
            or_(project.is_(None), Issue.project_id == project),
            Project.archived_at.is_(None),
            ~Issue.private,
            or_(Issue.deleted_at.is_(None), Event.kind == Deleted.kind),
            ~and_(Event.kind.in_(OF_COMMENTS), gone),
            ~private,
        )
        .order_by(Event.issue_id, Event.id)
    )  # fmt: skip


_HAPPENED = Built(_happened())


def happened(due: Due) -> list[Happened]:
    """What a delivery tells, of what its hook asked for and is there to be told now."""
    span = {"change": due.change_id, "first": due.first_issue_id, "last": due.last_issue_id}
    rows = read(_HAPPENED, {**span, "project": due.hook.project_id})
    wanted = STORED if EVERYTHING in due.hook.events else due.hook.events
    return [Happened(**row._asdict()) for row in rows if row.kind in wanted]


def issue(id: int) -> IssueDetail | None:
    """An issue with its text; None if it is in the trash."""
    rows = read(DETAILED.where(Issue.id == id)).all()
    return detailed(rows[0]) if rows else None


def issues(ids: Collection[int]) -> dict[int, IssueRow]:
    """Many of them, without their texts."""
    return {row.id: row for row in map(listed, read(LISTED.where(among(Issue.id, ids))))}


def comments(ids: Collection[int]) -> Sequence[AnyRow]:
    """Comments with their texts, the oldest first."""
    return read(
        select(
            Comment.id, Comment.body, Comment.body_html, Comment.html_version, Comment.created_at,
            Comment.edited_at, Comment.version, Comment.reactions, Comment.private,
            User.id.label("author_id"), User.name.label("author_name"),
            User.avatar.label("author_avatar"),
        )
        .join(User, User.id == Comment.author_id)
        .where(among(Comment.id, ids), Comment.deleted_at.is_(None), ~Comment.private)
        .order_by(Comment.id)
    ).all()  # fmt: skip
