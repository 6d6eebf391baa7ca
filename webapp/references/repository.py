from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from webapp.access import Viewer
from webapp.db import AnyRow, AnySelect, db
from webapp.models.accounts import FormerUser, User
from webapp.models.comments import Comment
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.models.references import Mention, Reference
from webapp.paging import Key
from webapp.projects.rows import ProjectRow
from webapp.projects.sight import Sight, seen_by_each, seen_with
from webapp.reading import Built, read

# What a text names: the words, and the id of what they mean.
Pairs = set[tuple[str, int]]


def people(handles: Sequence[str], project: ProjectRow) -> dict[str, int]:
    """The ids of the active people with these handles, or who had them before, who can see the project."""
    if not handles:
        return {}
    seen = User.is_active, seen_by_each()
    own = select(User.handle, User.id).join(Project, Project.id == project.id)
    former = select(FormerUser.handle, User.id).join(User, User.id == FormerUser.user_id)
    former = former.join(Project, Project.id == project.id)
    them = union_all(own.where(User.handle.in_(handles), *seen), former.where(FormerUser.handle.in_(handles), *seen))
    return {handle or "": id for handle, id in read(them)}


def add(references: Sequence[dict[str, Any]], mentions: Sequence[dict[str, Any]]) -> None:
    """What new texts name."""
    for model, rows in ((Reference, references), (Mention, mentions)):
        if rows:
            db.session.execute(insert(model), rows)


def replace(
    issue_id: int, comment_id: int | None, references: Sequence[dict[str, Any]], mentions: Sequence[dict[str, Any]]
) -> None:
    """What a text names from now on. What it goes on naming keeps its time."""
    known = read(_KNOWN[comment_id is None], {"issue_id": issue_id, "comment_id": comment_id})
    pairs: list[Pairs] = [{(said, target) for kind, said, target in known if kind == one} for one in (0, 1)]
    _swap(Reference, _of_text(Reference, issue_id, comment_id), Reference.target_issue_id, pairs[0], references)
    _swap(Mention, _of_text(Mention, issue_id, comment_id), Mention.user_id, pairs[1], mentions)


def _swap(model: Any, old: ColumnElement[bool], target: Any, known: Pairs, new: Sequence[dict[str, Any]]) -> None:
    wanted = {(row["said"], row[target.key]): row for row in new}
    gone = [pair for pair in known if pair not in wanted]
    if gone:
        db.session.execute(delete(model).where(old, tuple_(model.said, target).in_(gone)))
    added = [row for pair, row in wanted.items() if pair not in known]
    if added:
        db.session.execute(insert(model), added)


def _of_text(model: Any, issue_id: Any, comment_id: Any) -> ColumnElement[bool]:
    issue = model.source_issue_id if model is Reference else model.issue_id
    comment = model.source_comment_id if model is Reference else model.comment_id
    return and_(issue == issue_id, comment.is_(None) if comment_id is None else comment == comment_id)


def _known(comment_id: Any) -> Built:
    """What a text names; without a comment it is the issue's own."""
    issue_id = bindparam("issue_id", type_=BigInteger)
    references = select(literal(0).label("kind"), Reference.said, Reference.target_issue_id.label("meant"))
    mentions = select(literal(1), Mention.said, Mention.user_id)
    both = union_all(
        references.where(_of_text(Reference, issue_id, comment_id)),
        mentions.where(_of_text(Mention, issue_id, comment_id)),
    )
    return Built(select(both.subquery("known")))


_KNOWN = {True: _known(None), False: _known(bindparam("comment_id", type_=BigInteger))}


def of_texts(issue_id: int | None, comment_ids: Sequence[int]) -> Sequence[AnyRow]:
    """What these texts name: (issue, comment, said, key, number, place, person). That of an issue has no comment."""
    return _named(
        _texts(Reference.source_issue_id, Reference.source_comment_id, issue_id, comment_ids),
        _texts(Mention.issue_id, Mention.comment_id, issue_id, comment_ids),
    )


def of_issues(issue_ids: Sequence[int]) -> Sequence[AnyRow]:
    """The same for the texts of these issues."""
    return _named(
        Reference.source_issue_id.in_(issue_ids) & Reference.source_comment_id.is_(None),
        Mention.issue_id.in_(issue_ids) & Mention.comment_id.is_(None),
    )


def _named(in_references: ColumnElement[bool], in_mentions: ColumnElement[bool]) -> Sequence[AnyRow]:
    references = (
        select(
            Reference.source_issue_id,
            Reference.source_comment_id,
            Reference.said,
            Project.key,
            Issue.number,
            Reference.target_comment,
            null().label("person"),
        )
        .join(Issue, Issue.id == Reference.target_issue_id)
        .join(Project, Project.id == Issue.project_id)
        .where(in_references)
    )
    mentions = select(
        Mention.issue_id, Mention.comment_id, Mention.said, literal(""), literal(0), null(), Mention.user_id
    ).where(in_mentions)
    return read(union_all(references, mentions)).all()


def _texts(issue: Any, comment: Any, issue_id: int | None, comment_ids: Sequence[int]) -> ColumnElement[bool]:
    if issue_id is None:
        return comment.in_(comment_ids)  # type: ignore[no-any-return]
    return and_(issue == issue_id, comment.is_(None))


def mentioned_in(issue_id: int, viewer: Viewer | None, limit: int) -> Sequence[AnyRow]:
    """The last texts that name an issue, each once, as far as somebody sees them: who, when, and where."""
    return read(_naming(Sight.of(viewer), limit), _asked(issue_id, viewer)).all()[::-1]


def naming(issue_id: int, viewer: Viewer | None, beyond: Key | None, limit: int) -> Sequence[AnyRow]:
    """The texts that name an issue beyond a time and an id, as far as somebody sees them, oldest first."""
    statement, once = _texts_naming(Sight.of(viewer))
    order = (once.c.created_at, once.c.id)
    if beyond is not None:
        statement = statement.where(tuple_(*order) > beyond)
    return read(statement.order_by(*order).limit(limit), _asked(issue_id, viewer)).all()


def count_naming(issue_id: int, viewer: Viewer | None, limit: int) -> int:
    """How many such texts there are, counted up to the limit."""
    some = _texts_naming(Sight.of(viewer))[0].limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(some), _asked(issue_id, viewer)) or 0


def _asked(issue_id: int, viewer: Viewer | None) -> dict[str, int]:
    return {"issue_id": issue_id, "viewer_id": viewer.id if viewer else 0}


@cache
def _naming(sight: Sight, limit: int) -> Built:
    statement, once = _texts_naming(sight)
    return Built(statement.order_by(once.c.created_at.desc(), once.c.id.desc()).limit(limit))


def _texts_naming(sight: Sight) -> tuple[AnySelect, Subquery]:
    """The texts that name the issue `issue_id`, each once, as far as `viewer_id` sees them."""
    source, issue_id = aliased(Issue), bindparam("issue_id", type_=BigInteger)
    seen = seen_with(sight, bindparam("viewer_id", type_=BigInteger))
    once = (
        select(Reference)
        .where(Reference.target_issue_id == issue_id, Reference.source_issue_id != issue_id)
        .ext(distinct_on(Reference.source_issue_id, Reference.source_comment_id))
        .order_by(Reference.source_issue_id, Reference.source_comment_id, Reference.id)
        .subquery()
    )
    statement = (
        select(
            once.c.id,
            once.c.created_at,
            once.c.source_comment_id.label("comment"),
            User.id.label("actor_id"),
            User.name.label("actor_name"),
            User.avatar,
            Project.key,
            source.number,
            source.title,
        )
        .join(source, source.id == once.c.source_issue_id)
        .join(Project, Project.id == source.project_id)
        .join(User, User.id == once.c.actor_id)
        .outerjoin(Comment, Comment.id == once.c.source_comment_id)
        .where(source.deleted_at.is_(None), Comment.deleted_at.is_(None), seen)
    )
    return statement, once
