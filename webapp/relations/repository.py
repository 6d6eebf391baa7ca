from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from webapp.access import Viewer
from webapp.db import AnyRow, db
from webapp.models.issues import Issue, IssueLink
from webapp.models.projects import Project
from webapp.models.references import Reference
from webapp.projects.sight import Sight, seen_with
from webapp.reading import Built, read

MOST = 500
_OTHER = aliased(Issue)
_ID, _ELSEWHERE = bindparam("issue_id", type_=BigInteger), _OTHER.project_id != bindparam("project_id")
_REACHING = select(
    or_(
        exists().where(IssueLink.source_id == _ID, _OTHER.id == IssueLink.target_id, _ELSEWHERE),
        exists().where(IssueLink.target_id == _ID, _OTHER.id == IssueLink.source_id, _ELSEWHERE),
        exists().where(Reference.target_issue_id == _ID, _OTHER.id == Reference.source_issue_id, _ELSEWHERE),
    ).label("reaches")
).subquery()


def of_issue(project_id: int, issue_id: int, viewer: Viewer | None) -> Sequence[AnyRow]:
    """What an issue is tied to, as far as somebody sees it: (relation, kind, from here, number, key, title, state).

    One statement for links both ways, the parent and the children. Each row says as well whether it `reaches` beyond
    its project: whether an issue of another one is tied to it or names it, deleted and hidden ones too. So there is
    always a row; where the issue is tied to nothing that somebody sees, it has no `kind`.
    """
    asked = {"issue_id": issue_id, "project_id": project_id, "viewer_id": viewer.id if viewer else 0}
    return read(_tied_to_one(Sight.of(viewer)), asked).all()


@cache
def _tied_to_one(sight: Sight) -> Built:
    own, issue_id = aliased(Issue), bindparam("issue_id", type_=BigInteger)
    seen = seen_with(sight, bindparam("viewer_id", type_=BigInteger))
    outgoing = _tied(IssueLink.id, IssueLink.kind, literal(True)).join(
        IssueLink, and_(IssueLink.target_id == Issue.id, IssueLink.source_id == issue_id)
    )
    incoming = _tied(IssueLink.id, IssueLink.kind, literal(False)).join(
        IssueLink, and_(IssueLink.source_id == Issue.id, IssueLink.target_id == issue_id)
    )
    parent = _tied(null(), literal("parent"), literal(True)).join(
        own, and_(own.parent_id == Issue.id, own.id == issue_id)
    )
    children = _tied(null(), literal("child"), literal(True)).where(Issue.parent_id == issue_id)
    parts = [
        part.join(Project, Project.id == Issue.project_id).where(seen, Issue.deleted_at.is_(None))
        for part in (outgoing, incoming, parent, children)
    ]
    tied = union_all(*parts).subquery()
    rank = case({"parent": 0, "child": 1}, value=tied.c.kind, else_=2)
    order = (rank, tied.c.kind, tied.c.outgoing.desc(), tied.c.project_key, tied.c.number)
    return Built(select(_REACHING, tied).join(tied, literal(True), isouter=True).order_by(*order).limit(MOST))


def _tied(id: ColumnElement[Any] | Any, kind: ColumnElement[str] | Any, outgoing: ColumnElement[bool]) -> Any:
    return select(
        id.label("id"),
        kind.label("kind"),
        outgoing.label("outgoing"),
        Issue.number.label("number"),
        Project.key.label("project_key"),
        Issue.title.label("title"),
        Issue.state.label("state"),
    ).select_from(Issue)


def hold_ends(link_id: int) -> None:
    """Let nobody else change the two issues of a relation, or take them elsewhere, until the transaction ends."""
    ends = or_(Issue.id == IssueLink.source_id, Issue.id == IssueLink.target_id)
    both = select(Issue.id).join(IssueLink, ends).where(IssueLink.id == link_id).order_by(Issue.id)
    db.session.execute(both.with_for_update(key_share=True, of=Issue)).all()


def remove(link_id: int) -> None:
    db.session.execute(delete(IssueLink).where(IssueLink.id == link_id))
