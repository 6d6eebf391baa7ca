"""What a search reads. Each statement is built once, at its first use: that takes longer than most of them run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Float,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, distinct_on

from webapp.access import Viewer
from webapp.db import AnySelect
from webapp.documents.finding import ASKED, Reach, Scope, nearest, query
from webapp.issues.rows import LISTED, IssueRow, listed
from webapp.models.comments import Comment
from webapp.models.documents import IssueDocument
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.projects.sight import Sight, seen_with
from webapp.reading import Built, read

# What a word weighs in comments, text, labels and title.
WEIGHTS = cast(literal("{0.1, 0.3, 0.5, 1}", Text), ARRAY(Float(24)))
# How many comments of an issue are looked through for a snippet, and how much of each text.
LAST, READ = 100, 20_000
_IDS = bindparam("ids", type_=ARRAY(BigInteger))


def projects_seen_by(viewer: Viewer | None) -> Sequence[int]:
    """The ids of all projects that somebody sees."""
    rows = read(_seen(Sight.of(viewer)), {"viewer_id": viewer.id} if viewer else {})
    return [row[0] for row in rows]


@cache
def _seen(sight: Sight) -> Built:
    here = seen_with(sight, bindparam("viewer_id", type_=BigInteger))
    return Built(select(Project.id).where(here).order_by(Project.id))


@dataclass(frozen=True, slots=True)
class Order:
    """How what is found is put in order: by how well it fits, or when it was made; that of one project first."""

    newest: bool = False
    near: str | None = None

    @property
    def asked(self) -> dict[str, str]:
        """The value that a statement in this order needs."""
        return {"near": self.near} if self.near else {}


def ranked(
    asked: str, projects: Sequence[int], order: Order, bound: int, offset: int, limit: int
) -> tuple[list[int], int]:
    """The ids of the issues that fit best, from a place on, and how many there are up to the bound."""
    scope = Scope(projects)
    statement = _ranked(scope.reach, bound, order.newest, order.near is not None, begun=":*" in asked)
    rows = read(statement, {**scope.asking(asked), **order.asked, "offset": offset, "limit": limit}).all()
    return _with_count(rows)


@cache
def _ranked(reach: Reach, bound: int, newest: bool, is_near: bool, *, begun: bool) -> Built:
    found = nearest(reach, bound, ASKED, IssueDocument.document, begun=begun).subquery("near")
    return Built(_ordered(found, newest, is_near))


def ranked_of(asked: str, where: Any, order: Order, bound: int, offset: int, limit: int) -> tuple[list[int], int]:
    """The same of those issues that fulfil a condition."""
    newest = (
        select(Issue.id.label("issue_id"), IssueDocument.document)
        .join(IssueDocument, IssueDocument.issue_id == Issue.id)
        .where(where)
        .order_by(Issue.created_at.desc(), Issue.id.desc())
    )
    statement = _ordered(newest.limit(bound).subquery("near"), order.newest, order.near is not None)
    return _with_count(read(statement, {"asked": asked, **order.asked, "offset": offset, "limit": limit}).all())


def _ordered(near: Any, newest: bool, is_near: bool) -> AnySelect:
    best = select(near.c.issue_id, func.count().over())
    if newest or is_near:
        best = best.join(Issue, Issue.id == near.c.issue_id)
    if is_near:
        here = select(Project.id).where(Project.key == func.upper(bindparam("near", type_=Text))).scalar_subquery()
        best = best.order_by((Issue.project_id == here).is_(True).desc())
    if newest:
        best = best.order_by(Issue.created_at.desc())
    else:
        best = best.order_by(func.ts_rank(WEIGHTS, near.c.document, ASKED, 1).desc())
    best = best.order_by(near.c.issue_id.desc())
    return best.offset(bindparam("offset", type_=BigInteger)).limit(bindparam("limit", type_=BigInteger))


def _with_count(rows: Sequence[Any]) -> tuple[list[int], int]:
    return [row[0] for row in rows], rows[0][1] if rows else 0


_TEXTS = Built(LISTED.add_columns(func.left(Issue.body, READ)).where(Issue.id == func.any(_IDS)))


def texts(ids: Sequence[int]) -> Mapping[int, tuple[IssueRow, str]]:
    """These issues, with the beginning of what they say."""
    return {row.id: (listed(row), row[-1]) for row in read(_TEXTS, {"ids": list(ids)})}


def issues(ids: Sequence[int]) -> Mapping[int, IssueRow]:
    """These issues."""
    return {row.id: listed(row) for row in read(_LISTED, {"ids": list(ids)})}


_LISTED = Built(LISTED.where(Issue.id == func.any(_IDS)))


def comments(ids: Sequence[int], any_of: str, parts: Sequence[str]) -> Mapping[int, tuple[int, str]]:
    """The last comment of each issue that has any of the words, among its last hundred. `parts` are what they are, or
    begin with.
    """
    rows = read(_COMMENTS, {"ids": list(ids), "asked": any_of, "parts": [f"%{one}%" for one in parts]})
    return {issue: (id, body) for issue, id, body in rows}


def _comments() -> AnySelect:
    latest = (
        select(Comment.id, Comment.issue_id, Comment.body)
        .where(Comment.issue_id == Issue.id, Comment.deleted_at.is_(None))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(LAST)
        .correlate(Issue)
        .lateral("latest")
    )
    said = func.left(latest.c.body, READ)
    words = func.search_part(func.search_words(said), "D").bool_op("@@")(ASKED)
    # To take a text apart takes a hundred times as long as to look whether a word stands in it, which it does in any
    # that has it and is written in ASCII alone. PostgreSQL asks first what costs less.
    is_plain = func.octet_length(said) == func.length(said)
    stands = func.lower(said.collate("C")).like(func.any(bindparam("parts", type_=ARRAY(Text))))
    return (
        select(Issue.id, latest.c.id, latest.c.body)
        .join(latest, and_(or_(not_(is_plain), stands), words))
        .where(Issue.id == func.any(_IDS))
        .ext(distinct_on(Issue.id))
        .order_by(Issue.id, latest.c.id.desc())
    )


_COMMENTS = Built(_comments())


def lexemes(asked: Sequence[str], wanted: Sequence[str], projects: Sequence[int], limit: int) -> Mapping[str, int]:
    """Which of these words stand in some of the documents that have any of what is asked, and in how many."""
    scope = Scope(projects)
    values = {**scope.asking(""), "asked": list(asked), "wanted": list(wanted)}
    return dict(read(_lexemes(scope.reach, limit), values).all())


@cache
def _lexemes(reach: Reach, limit: int) -> Built:
    asked = cast(func.unnest(bindparam("asked", type_=ARRAY(Text))).column_valued("question"), TSQUERY)
    near = nearest(reach, limit, asked, IssueDocument.document, several=True).subquery("near")
    each = func.unnest(func.tsvector_to_array(near.c.document)).table_valued(column("word", Text)).render_derived()
    statement = select(each.c.word, func.count()).select_from(near).join(each, literal(1) == 1)
    # As rows, so that they are hashed: each word of a document would be compared with all of them else.
    wanted = select(func.unnest(bindparam("wanted", type_=ARRAY(Text))))
    return Built(statement.where(each.c.word.in_(wanted)).group_by(each.c.word))


def having(words: Sequence[str], project_id: int, limit: int) -> Sequence[tuple[int, list[int]]]:
    """The newest few issues of a project that have each of the words, with the places of all words they have."""
    asked = {f"word_{at}": f"'{word}'" for at, word in enumerate(words)}
    rows = read(_having(len(words), limit), {**asked, "project": project_id, "whole": f"'p/{project_id}'"})
    return [(row[0], [at for at, fits in enumerate(row[1:]) if fits]) for row in rows]


@cache
def _having(number: int, limit: int) -> Built:
    asked = [query(f"word_{at}") for at in range(number)]
    near = union_all(*(select(nearest(Reach.ONE, limit, one).subquery().c.issue_id) for one in asked)).subquery(
        "near"
    )
    has = [IssueDocument.document.bool_op("@@")(one).label(f"has_{at}") for at, one in enumerate(asked)]
    return Built(select(IssueDocument.issue_id, *has).where(IssueDocument.issue_id.in_(select(near.c.issue_id))))
