from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from webapp.db import db
from webapp.documents.steps import Reach, Scope, has, in_whole, inside, nearest
from webapp.models.documents import IssueDocument
from webapp.models.issues import Issue
from webapp.reading import Built, read

# Any number, as long as it stays the same.
CATCHING_UP = 7311028


def _inline(text: str) -> ColumnElement[Any]:
    """The same where it stands in a statement that is built anew."""
    return cast(literal(text, Text), TSQUERY)


def probed(asked: str, projects: Sequence[int] | None, limit: int) -> tuple[str, int, int]:
    """The ids as PostgreSQL writes an array, how many they are, and how far they had to be looked for."""
    scope = Scope(projects)
    ids, number, step = read(_probing(scope.reach, limit), scope.asking(asked)).one()
    return ids, number, step


@cache
def _probing(reach: Reach, limit: int) -> Built:
    near = nearest(reach, limit, gradual=True).subquery("near")
    ids = func.coalesce(cast(func.array_agg(near.c.issue_id), Text), "{}")
    return Built(select(ids, func.count(), func.max(near.c.step)))


def written(ids: str) -> ColumnElement[bool]:
    """Whether an issue is among some whose ids are written as an array, which is read faster than many values."""
    return Issue.id == func.any(cast(literal(ids, Text), ARRAY(BigInteger)))


def gathered(asked: str, projects: Sequence[int] | None) -> ColumnElement[bool]:
    """Whether an issue is among all that have what is asked."""
    scope = Scope(projects)
    values = scope.asking(asked)
    wanted = in_whole(_inline(asked), scope.reach, _inline(values.get("whole", "")))
    here = inside(scope.reach, literal(values.get("projects"), ARRAY(BigInteger)))
    return Issue.id.in_(select(IssueDocument.issue_id).where(has(wanted), here))


def common(asked: str) -> ColumnElement[bool]:
    """Whether the document of an issue has what is asked, looked up for each issue that a list comes by.

    A plain column of a subselect: PostgreSQL would turn EXISTS into a join that gathers all of them first.
    """
    return select(has(_inline(asked))).where(IssueDocument.issue_id == Issue.id).correlate(Issue).scalar_subquery()


def lock_catching_up() -> bool:
    """Let nobody else catch up until the transaction ends; whether nobody else does."""
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(CATCHING_UP))))


def behind() -> int | None:
    """After which issue the documents still have the words of a former version; None if none has.

    A migration that changes what a word is says so on the function that tells it: nothing else stays with the
    database, in a dump as well, until all of it is done.
    """
    said = db.session.scalar(text("SELECT obj_description('search_words(text)'::regprocedure, 'pg_proc')"))
    return int(said.rpartition(" ")[2]) if said else None


def say_behind(after: int | None) -> None:
    """Note how far the documents have been written anew, or that all of them are."""
    said = "NULL" if after is None else f"'documents behind after {after:d}'"
    db.session.execute(text(f"COMMENT ON FUNCTION search_words(text) IS {said}"))


def rewrite(after: int, number: int) -> tuple[int, int]:
    """Write the documents of the next issues after an id anew; returns how many, and the last id."""
    ids = db.session.scalars(select(Issue.id).where(Issue.id > after).order_by(Issue.id).limit(number)).all()
    if ids:
        db.session.execute(select(func.refresh_issue_documents(list(ids))))
    return len(ids), max(ids, default=after)
