"""Queries about the texts of issues, and what they name."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, column, func, literal, or_, select, union_all, update

from webapp.db import db
from webapp.models.comments import Comment
from webapp.models.history import TextVersion
from webapp.models.issues import Issue
from webapp.models.references import Reference
from webapp.reading import read
from webapp.text.rewording import SHORT

# The texts that an issue has: its own, those of its comments, and former ones of both.
KINDS: dict[str, Any] = {"issue": Issue, "comment": Comment, "version": TextVersion}


def naming(issue_ids: Collection[int]) -> dict[tuple[str, int], str]:
    """The texts of these issues that may name another by its number alone, by kind and id."""
    ids = bindparam("ids", list(issue_ids), type_=ARRAY(BigInteger))
    each = []
    for kind, model in KINDS.items():
        home = model.id if model is Issue else model.issue_id
        named = model.body.regexp_match(SHORT)
        each.append(select(literal(kind), model.id, model.body).where(home == func.any(ids), named))
    return {(kind, id): body for kind, id, body in read(union_all(*each))}


def write(kind: str, texts: Mapping[int, str]) -> None:
    """Give texts of one kind other words, by their ids. Their authors have not edited them by that."""
    if not texts:
        return
    model = KINDS[kind]
    ids = bindparam("ids", list(texts), type_=ARRAY(BigInteger))
    bodies = bindparam("bodies", list(texts.values()), type_=ARRAY(Text))
    columns = column("id", BigInteger), column("body", Text)
    each = func.unnest(ids, bodies).table_valued(*columns, name="texts").render_derived()
    values: dict[str, Any] = {"body": each.c.body}
    if model is Comment:
        values |= {"version": Comment.version + 1, "body_html": None, "html_version": None}
    changed = update(model).where(model.id == each.c.id).values(values)
    db.session.execute(changed.execution_options(synchronize_session=False))


def rename(key: str, issue_ids: Collection[int], comment_ids: Collection[int]) -> None:
    """Let what these texts name be looked for in them by its key."""
    if not issue_ids and not comment_ids:
        return
    issues = bindparam("issues", list(issue_ids), type_=ARRAY(BigInteger))
    comments = bindparam("comments", list(comment_ids), type_=ARRAY(BigInteger))
    theirs = or_(
        (Reference.source_issue_id == func.any(issues)) & Reference.source_comment_id.is_(None),
        Reference.source_comment_id == func.any(comments),
    )
    said = update(Reference).where(theirs, Reference.said.startswith("#"))
    words = said.values(said=func.concat(key, "-", func.substr(Reference.said, 2)))
    db.session.execute(words.execution_options(synchronize_session=False))
