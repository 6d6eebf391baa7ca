"""Statements about commits and merge requests, and the issues that they name."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from webapp.code_hosts.reading import Written
from webapp.code_hosts.rows import Code
from webapp.db import db
from webapp.models.code_hosts import CodeChange, CodeMention, Piece
from webapp.models.issues import Issue
from webapp.reading import Built, among, read

# A commit or merge request by its hash or number, and an issue by its id.
Pair = tuple[str, int]


class Known(NamedTuple):
    """What was told before of a pair: how a merge request was and since when, and whether the issue was closed."""

    state: str | None
    stated_at: datetime | None
    has_closed: bool


def places(issue_ids: Collection[int]) -> dict[int, int]:
    """In which projects these issues are now; those in the trash are in none."""
    rows = read(select(Issue.id, Issue.project_id).where(among(Issue.id, issue_ids), Issue.deleted_at.is_(None)))
    return {row.id: row.project_id for row in rows}


def known(host_id: int, kind: Piece, refs: Collection[str], issue_ids: Collection[int]) -> dict[Pair, Known]:
    """What of these was told before.

    A commit is the same in whichever repository: a mirror tells it again. A number is its repository's own.
    """
    columns = CodeMention.state, CodeChange.stated_at, CodeMention.closed_at.is_not(None)
    rows = (
        select(CodeChange.ref, CodeMention.issue_id, *columns)
        .join(CodeMention, CodeMention.code_change_id == CodeChange.id)
        .where(CodeChange.kind == kind, CodeChange.ref.in_(refs), among(CodeMention.issue_id, issue_ids))
        .order_by(CodeMention.closed_at.is_not(None))
    )
    if kind != Piece.COMMIT:
        rows = rows.where(CodeChange.code_host_id == host_id)
    return {(ref, issue_id): Known(*told) for ref, issue_id, *told in read(rows)}


def named_by(host_id: int, refs: Collection[str]) -> Sequence[Pair]:
    """The issues that these merge requests named when they were last told."""
    rows = (
        select(CodeChange.ref, CodeMention.issue_id)
        .join(CodeChange, CodeChange.id == CodeMention.code_change_id)
        .where(CodeChange.code_host_id == host_id, CodeChange.kind == Piece.MERGE_REQUEST, CodeChange.ref.in_(refs))
    )
    return [(row.ref, row.issue_id) for row in read(rows)] if refs else []


def keep(host_id: int, host: str, written: Collection[Written]) -> dict[str, int]:
    """Write down these, all of a kind, unless they are there; their ids by their refs.

    They stay as they were first told, but for when: what an issue's page shows changes with an event alone.
    """
    if not written:
        return {}
    given = [
        {
            "code_host_id": host_id,
            "host": host,
            **{name: getattr(one, name) for name in ("kind", "ref", "title", "url", "author", "branch", "stated_at")},
        }
        for one in sorted(written, key=lambda one: one.ref)
    ]
    new = insert(CodeChange).values(given)
    latest = func.greatest(CodeChange.stated_at, new.excluded.stated_at)
    kept = new.on_conflict_do_update(index_elements=["code_host_id", "kind", "ref"], set_={"stated_at": latest})
    rows = db.session.execute(kept.returning(CodeChange.id, CodeChange.ref))
    return {row.ref: row.id for row in rows}


def note(mentions: Collection[tuple[int, int, str | None]]) -> None:
    """Note which issues are named, by the ids of both, and how a merge request is."""
    if not mentions:
        return
    given = [
        {"code_change_id": change_id, "issue_id": issue_id, "state": state} for change_id, issue_id, state in mentions
    ]
    new = insert(CodeMention).values(given)
    keys = ["code_change_id", "issue_id"]
    db.session.execute(new.on_conflict_do_update(index_elements=keys, set_={"state": new.excluded.state}))


def note_closed(kind: Piece, host_id: int, pairs: Collection[Pair]) -> None:
    """Note that these have closed these issues: they will not do so again."""
    if not pairs:
        return
    those = select(CodeChange.id, CodeChange.ref).where(
        CodeChange.kind == kind, CodeChange.ref.in_({ref for ref, _ in pairs})
    )
    if kind != Piece.COMMIT:
        those = those.where(CodeChange.code_host_id == host_id)
    found = those.subquery()
    db.session.execute(
        update(CodeMention)
        .where(CodeMention.code_change_id == found.c.id)
        .where(tuple_(found.c.ref, CodeMention.issue_id).in_(sorted(pairs)))
        .values(closed_at=func.now())
        .execution_options(synchronize_session=False)
    )


def of_issue(issue_id: int, limit: int) -> Sequence[Code]:
    """What names an issue, merge requests first, the newest first."""
    return [Code(*row) for row in read(_OF_ISSUE, {"issue_id": issue_id, "most": limit})]


def count(issue_id: int) -> int:
    """How much that is."""
    return db.session.scalar(select(func.count()).where(CodeMention.issue_id == issue_id)) or 0


_OF_ISSUE = Built(
    select(
        CodeChange.host, CodeChange.kind, CodeChange.ref, CodeChange.title, CodeChange.url, CodeChange.author,
        CodeChange.branch, CodeMention.state, CodeMention.closed_at.is_not(None).label("closes"),
        CodeMention.created_at,
    )
    .join(CodeMention, CodeMention.code_change_id == CodeChange.id)
    .where(CodeMention.issue_id == bindparam("issue_id", type_=BigInteger))
    .order_by(CodeChange.kind.desc(), CodeChange.id.desc())
    .limit(bindparam("most", type_=BigInteger))
)  # fmt: skip
