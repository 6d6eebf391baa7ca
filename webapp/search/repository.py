from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Float, Text, cast, column, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from webapp.access import Viewer
from webapp.comments.models import Comment
from webapp.db import db
from webapp.documents.models import IssueDocument
from webapp.documents.service import Scope, nearest, query
from webapp.issues.models import Issue
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.projects.models import Project
from webapp.projects.service import visible_to
from webapp.reading import read

# What a word weighs in comments, text, labels and title.
WEIGHTS = cast(literal("{0.1, 0.3, 0.5, 1}", Text), ARRAY(Float(24)))
# How many comments of an issue are looked through for a snippet, and how much of each.
LAST, READ = 100, 20_000


def projects_seen_by(viewer: Viewer | None) -> Sequence[int]:
    """The ids of all projects that somebody sees."""
    return db.session.scalars(select(Project.id).where(visible_to(viewer)).order_by(Project.id)).all()


def ranked(asked: str, projects: Sequence[int], bound: int, offset: int, limit: int) -> tuple[list[int], int]:
    """The ids of the issues that fit best, from a place on, and how many there are up to the bound."""
    return _ordered(asked, nearest(query(asked), Scope(projects), bound).subquery("near"), offset, limit)


def ranked_of(asked: str, where: Any, bound: int, offset: int, limit: int) -> tuple[list[int], int]:
    """The same of those issues that fulfil a condition."""
    newest = select(Issue.id.label("issue_id")).where(where).order_by(Issue.created_at.desc(), Issue.id.desc())
    near = newest.limit(bound).subquery("near")
    return _ordered(asked, near, offset, limit)


def _ordered(asked: str, near: Any, offset: int, limit: int) -> tuple[list[int], int]:
    rank = func.ts_rank(WEIGHTS, IssueDocument.document, query(asked), 1)
    best = (
        select(near.c.issue_id, func.count().over())
        .join(IssueDocument, IssueDocument.issue_id == near.c.issue_id)
        .order_by(rank.desc(), near.c.issue_id.desc())
    )
    rows = read(best.offset(offset).limit(limit)).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def texts(ids: Sequence[int]) -> Mapping[int, tuple[IssueRow, str]]:
    """These issues, with what they say."""
    rows = read(LISTED.add_columns(Issue.body).where(Issue.id.in_(ids)))
    return {row[0]: (listed(row), row[-1]) for row in rows}


def comments(ids: Sequence[int], any_of: str) -> Mapping[int, tuple[int, str]]:
    """The last comment of each issue that has any of the words, among its last hundred."""
    said = (
        select(Comment.id, Comment.issue_id, Comment.body)
        .where(Comment.issue_id == Issue.id, Comment.deleted_at.is_(None))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(LAST)
        .correlate(Issue)
        .lateral("said")
    )
    words = func.search_part(func.search_words(func.left(said.c.body, READ)), "D").bool_op("@@")(query(any_of))
    statement = (
        select(Issue.id, said.c.id, said.c.body)
        .join(said, words)
        .where(Issue.id.in_(ids))
        .ext(distinct_on(Issue.id))
        .order_by(Issue.id, said.c.id.desc())
    )
    return {issue: (id, body) for issue, id, body in read(statement)}


def lexemes(asked: str, wanted: Sequence[str], projects: Sequence[int], limit: int) -> Mapping[str, int]:
    """Which of these words stand in some of the documents that have what is asked, and in how many."""
    near = nearest(query(asked), Scope(projects), limit).subquery("near")
    some = select(IssueDocument.document).join(near, near.c.issue_id == IssueDocument.issue_id).subquery()
    each = func.unnest(func.tsvector_to_array(some.c.document)).table_valued(column("word", Text)).render_derived()
    statement = select(each.c.word, func.count()).select_from(some).join(each, literal(1) == 1)
    wanted_ones = cast(literal(list(wanted), ARRAY(Text)), ARRAY(Text))
    rows = read(statement.where(each.c.word == func.any(wanted_ones)).group_by(each.c.word))
    return dict(rows.all())


def having(words: Sequence[str], project_id: int, limit: int) -> Sequence[tuple[int, list[int]]]:
    """The newest few issues of a project that have each of the words, with the places of all words they have."""
    each = [select(nearest(query(f"'{word}'"), Scope([project_id]), limit).subquery().c.issue_id) for word in words]
    near = union_all(*each).subquery("near")
    has = [IssueDocument.document.bool_op("@@")(query(f"'{word}'")) for word in words]
    statement = select(IssueDocument.issue_id, *has).where(IssueDocument.issue_id.in_(select(near.c.issue_id)))
    return [(row[0], [at for at, fits in enumerate(row[1:]) if fits]) for row in read(statement)]
