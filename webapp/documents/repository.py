from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Label,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from webapp.db import AnySelect, db
from webapp.models.documents import IssueDocument
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.reading import Built, read

# Powers of two: how many numbers a small and a large block have, as `search_scope` writes them.
SMALL, LARGE = 10, 15
# Any number, as long as it stays the same.
CATCHING_UP = 7311028
# So many of the newest documents tell whether a word is common.
PROBED = 32
# More projects than this are told apart by a column, not by their words in the index.
MANY = 100


class Reach(StrEnum):
    """In how many projects to look. Statements of one reach differ in their values alone."""

    EVERYWHERE = "everywhere"
    ONE = "one"
    SOME = "some"
    MANY = "many"


_PROJECTS = bindparam("projects", type_=ARRAY(BigInteger))
_PROJECT = bindparam("project", type_=BigInteger)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: in some projects, or everywhere (None)."""

    projects: Sequence[int] | None

    @property
    def reach(self) -> Reach:
        if self.projects is None:
            return Reach.EVERYWHERE
        if len(self.projects) == 1:
            return Reach.ONE
        return Reach.SOME if 0 < len(self.projects) <= MANY else Reach.MANY

    def asking(self, text: str) -> dict[str, Any]:
        """The values of a statement of this reach that asks for a text."""
        values: dict[str, Any] = {"asked": text}
        if self.reach in (Reach.ONE, Reach.SOME):
            values["whole"] = " | ".join(f"'p/{id}'" for id in self.projects or ())
        if self.reach in (Reach.SOME, Reach.MANY):
            values["projects"] = list(self.projects or ())
        if self.reach is Reach.ONE:
            values["project"] = (self.projects or (0,))[0]
        return values


def _listed(reach: Reach) -> ColumnElement[bool]:
    """Which projects, by the column: enough for the few documents of a block, where no other word says it."""
    return IssueDocument.project_id == func.any(_PROJECTS) if reach in (Reach.SOME, Reach.MANY) else true()


def _inside(reach: Reach, projects: ColumnElement[Any] = _PROJECTS) -> ColumnElement[bool]:
    """What no word says: which of too many projects."""
    return IssueDocument.project_id == func.any(projects) if reach is Reach.MANY else true()


def _last(reach: Reach) -> AnySelect:
    """Up to which number the blocks go: by number in one project, by id in several."""
    if reach is not Reach.ONE:
        return select(func.max(Issue.id))
    return select(Project.next_number - 1).where(Project.id == _PROJECT)


def _newest(reach: Reach, size: int, last: ColumnElement[Any], before: int = 0) -> ColumnElement[Any]:
    """What the documents of the two newest blocks have, or of the two that end so many before."""
    name = "s" if size == SMALL else "l"
    key: Any = func.concat("p/", cast(_PROJECT, BigInteger), f"/{name}") if reach is Reach.ONE else name
    return func.search_newest(key, func.coalesce(last, 0) - before, size, type_=TSQUERY)


def query(name: str) -> ColumnElement[Any]:
    """What is asked, the value of this name, as PostgreSQL reads it."""
    return cast(bindparam(name, type_=Text), TSQUERY)


ASKED = query("asked")


def _inline(text: str) -> ColumnElement[Any]:
    """The same where it stands in a statement that is built anew."""
    return cast(literal(text, Text), TSQUERY)


def both(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return one.op("&&", return_type=TSQUERY())(other)


def nearest(
    reach: Reach,
    limit: int,
    asked: ColumnElement[Any] = ASKED,
    *columns: Any,
    begun: bool = False,
    gradual: bool = False,
) -> AnySelect:
    """Ids of issues that have what is asked, up to a limit, how far they had to be looked for, and more columns.

    The newest block of numbers is read first (0), then a larger one (1), then all (2), if there are more. PostgreSQL
    runs the parts of a union one after the other, and none once there are enough: a common word is never gathered
    whole.

    What is only `begun` is: the index first gathers whatever has a word that begins so, however much that is. Where
    that is common, as some of the very newest documents have it, those of the newest block are therefore asked one by
    one, which costs as much as a small tracker does.

    The index goes through all entries of a block, wanted or not: for more issues than the newest block has, `gradual`
    looks into a few more of its size before the large one.
    """
    # Read once for all that ask it; as it stands where it is asked twice or thrice, that is cheaper.
    last = _last(reach)
    ends = select(last.cte("last")).scalar_subquery() if gradual else last.scalar_subquery()
    small, large = _newest(reach, SMALL, ends), _newest(reach, LARGE, ends)
    steps = [_step(both(asked, small), _listed(reach), 0, columns)]
    if begun:
        is_common = select(_probe(reach, asked).c.is_common).scalar_subquery()
        by_itself: ColumnElement[bool] = func.ts_match_vq(IssueDocument.document, asked)
        steps = [
            _step(small, _listed(reach) & by_itself & is_common, 0, columns),
            _step(both(asked, small), _listed(reach) & is_common.is_(False), 0, columns),
        ]
    if gradual:
        near = [_newest(reach, SMALL, ends, blocks << SMALL) for blocks in (2, 4)]
        steps.append(_step(both(asked, _any(*near)), _listed(reach), 1, columns))
        small = _any(small, *near)
    there_are_more = func.coalesce(ends, 0).op(">>")(LARGE) > 1
    steps += [
        _step(both(asked, both(large, _not(small))), _listed(reach), 1, columns),
        _step(
            _in_whole(both(asked, _not(large)), reach, query("whole")), _inside(reach) & there_are_more, 2, columns
        ),
    ]
    return select(union_all(*steps).subquery("nearest")).limit(limit)


def _probe(reach: Reach, asked: ColumnElement[Any]) -> CTE:
    """Whether any of the newest documents has what is asked: found out once, whatever asks for it."""
    newest = select(IssueDocument.document)
    if reach is Reach.ONE:
        newest = newest.join(Issue, Issue.id == IssueDocument.issue_id).where(Issue.project_id == _PROJECT)
    newest = newest.order_by(Issue.number.desc() if reach is Reach.ONE else IssueDocument.issue_id.desc())
    some = newest.limit(PROBED).subquery("newest")
    return select(exists().where(func.ts_match_vq(some.c.document, asked)).label("is_common")).cte("probe")


def probed(asked: str, projects: Sequence[int] | None, limit: int) -> Sequence[tuple[int, int]]:
    """The same, read."""
    scope = Scope(projects)
    return [(id, step) for id, step in read(_probing(scope.reach, limit), scope.asking(asked))]


@cache
def _probing(reach: Reach, limit: int) -> Built:
    return Built(nearest(reach, limit, gradual=True))


def gathered(asked: str, projects: Sequence[int] | None) -> ColumnElement[bool]:
    """Whether an issue is among all that have what is asked."""
    scope = Scope(projects)
    values = scope.asking(asked)
    wanted = _in_whole(_inline(asked), scope.reach, _inline(values.get("whole", "")))
    here = _inside(scope.reach, literal(values.get("projects"), ARRAY(BigInteger)))
    return Issue.id.in_(select(IssueDocument.issue_id).where(_has(wanted), here))


def common(asked: str) -> ColumnElement[bool]:
    """Whether the document of an issue has what is asked, looked up for each issue that a list comes by.

    A plain column of a subselect: PostgreSQL would turn EXISTS into a join that gathers all of them first.
    """
    return select(_has(_inline(asked))).where(IssueDocument.issue_id == Issue.id).correlate(Issue).scalar_subquery()


def _step(wanted: ColumnElement[Any], inside: ColumnElement[bool], number: int, columns: Sequence[Any]) -> AnySelect:
    where = select(wanted).scalar_subquery()
    step: Label[int] = literal_column(str(number), type_=BigInteger).label("step")
    return select(IssueDocument.issue_id, step, *columns).where(_has(where), inside)


def _in_whole(wanted: ColumnElement[Any], reach: Reach, whole: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is asked, and what any document of the projects has, where a word says that."""
    return both(wanted, whole) if reach in (Reach.ONE, Reach.SOME) else wanted


def _has(wanted: ColumnElement[Any]) -> ColumnElement[bool]:
    return IssueDocument.document.bool_op("@@")(wanted)


def _any(*wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    return reduce(lambda one, other: func.tsquery_or(one, other, type_=TSQUERY), wanted)


def _not(wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.tsquery_not(wanted, type_=TSQUERY)


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
