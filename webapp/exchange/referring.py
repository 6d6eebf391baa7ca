"""What imported texts name: read quickly from all of them, so that "mentioned in" is there from the start."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, delete, func, literal, null, or_, select, union_all, update

from webapp.db import AnyRow, db, transaction
from webapp.exchange import repository
from webapp.exchange.copying import copy
from webapp.models.accounts import FormerUser, User
from webapp.models.comments import Comment
from webapp.models.issues import Issue, IssueAlias
from webapp.models.projects import Project
from webapp.models.references import Reference
from webapp.reading import among
from webapp.text.references import quick

BATCH = 250
REFERENCES = cast(Table, Reference.__table__)
_AS_IMPORTED = (Comment.origin.is_not(None), Comment.version == 1)
HANDLE = "^[a-z0-9][a-z0-9_-]{0,38}$"


def refer(project: Project, issue_ids: Sequence[int]) -> None:
    """Keep which issues of the same project the imported texts of these issues name, some issues at a time."""
    present = select(Issue.number, Issue.id).where(Issue.project_id == project.id)
    former = select(IssueAlias.number, IssueAlias.issue_id).where(
        IssueAlias.project_id == project.id, IssueAlias.issue_id.is_not(None)
    )
    rows: Sequence[AnyRow] = db.session.execute(union_all(present, former)).all()
    ids = {number: id for number, id in rows}  # noqa: C416  rows are no pairs to a type checker
    for start in range(0, len(issue_ids), BATCH):
        _refer(project, issue_ids[start : start + BATCH], ids)


@transaction
def _refer(project: Project, issue_ids: Sequence[int], ids: dict[int, int]) -> None:
    repository.take_time()
    take = select(Issue.id).where(among(Issue.id, issue_ids)).order_by(Issue.id)
    db.session.execute(take.with_for_update(read=True, key_share=True)).all()
    db.session.execute(delete(Reference).where(among(Reference.source_issue_id, issue_ids), _imported()))
    copy(REFERENCES, [row for text in _texts(issue_ids) for row in _named(project.key, text, ids)])


def name_people(origins: Sequence[str]) -> None:
    """Give imported people the handle that they had, where it is free."""
    wanted = func.lower(func.split_part(User.origin, ":", 2))
    handles = (select(handle).where(handle.is_not(None)) for handle in (User.handle, FormerUser.handle))
    taken = union_all(*handles).scalar_subquery()
    db.session.execute(
        update(User)
        .where(among(User.origin, origins), User.handle.is_(None), wanted.op("~")(HANDLE), wanted.not_in(taken))
        .values(handle=wanted)
        .execution_options(synchronize_session=False)
    )


def _imported() -> ColumnElement[bool]:
    """Only those of texts as they were imported: what was written here was looked up with its author's eyes."""
    issues = select(Issue.id).where(Issue.id == Reference.source_issue_id, Issue.version == 1)
    comments = select(Comment.id).where(Comment.issue_id == Reference.source_issue_id, *_AS_IMPORTED)
    body = and_(Reference.source_comment_id.is_(None), Reference.source_issue_id.in_(issues))
    return or_(body, Reference.source_comment_id.in_(comments))


def _texts(issue_ids: Sequence[int]) -> Sequence[AnyRow]:
    """The imported texts that may name something."""
    about: Any = tuple(map(literal, "#-＃－﹟"))
    issues = select(
        Issue.id.label("issue"), null().label("comment"), Issue.author_id, Issue.created_at, Issue.body
    ).where(among(Issue.id, issue_ids), Issue.version == 1, or_(*(func.strpos(Issue.body, one) > 0 for one in about)))
    comments = select(Comment.issue_id, Comment.id, Comment.author_id, Comment.created_at, Comment.body).where(
        among(Comment.issue_id, issue_ids),
        *_AS_IMPORTED,
        or_(*(func.strpos(Comment.body, one) > 0 for one in about)),
    )
    return db.session.execute(union_all(issues, comments)).all()


def _named(key: str, text: AnyRow, ids: dict[int, int]) -> list[dict[str, Any]]:
    named = []
    for name in quick(text.body):
        of, _, number = name.removeprefix("#").rpartition("-")
        if name.startswith("@") or of not in ("", key) or int(number) not in ids:
            continue
        named.append(
            {
                "source_issue_id": text.issue,
                "source_comment_id": text.comment,
                "said": name,
                "target_issue_id": ids[int(number)],
                "actor_id": text.author_id,
                "created_at": text.created_at,
            }
        )
    return named
