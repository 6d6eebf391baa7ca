"""How documents are found by their words: a step at a time, from the newest of them to all."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
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
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.db import AnySelect
from webapp.models.documents import IssueDocument
from webapp.models.issues import Issue
from webapp.models.projects import Project

# Powers of two: how many numbers a small and a large block have, as `search_scope` writes them.
SMALL, LARGE = 10, 15
# So many of the newest documents tell whether a word is common.
PROBED = 32
# More projects than this are told apart by a column, not by their words in the index.
MANY = 100
# So are fewer, if not more than so many times their issues are there altogether.
FEW_OTHERS = 4


class Reach(StrEnum):
    """In how many projects to look. Statements of one reach differ in their values alone."""

    EVERYWHERE = "everywhere"
    ONE = "one"
    SOME = "some"
    MANY = "many"


# What is found in all documents is read again as whoever asks sees it.
_ANY = aliased(IssueDocument, name=eyes.WHOLE)
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


def _listed(reach: Reach, of: Any = IssueDocument) -> ColumnElement[bool]:
    """Which projects, by the column: enough for the few documents of a block, where no other word says it."""
    return of.project_id == func.any(_PROJECTS) if reach in (Reach.SOME, Reach.MANY) else true()


def inside(reach: Reach, projects: ColumnElement[Any] = _PROJECTS, of: Any = IssueDocument) -> ColumnElement[bool]:
    """What no word says: which of too many projects."""
    return of.project_id == func.any(projects) if reach is Reach.MANY else true()


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


def both(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return one.op("&&", return_type=TSQUERY())(other)


def nearest(
    reach: Reach,
    limit: int,
    asked: ColumnElement[Any] = ASKED,
    *columns: Any,
    begun: bool = False,
    gradual: bool = False,
    several: bool = False,
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

    Of `several` questions, which are what is asked in rows, a document has to answer any.
    """
    of = _ANY if several else IssueDocument
    here = _listed(reach, of)
    # Read once for all that ask it; as it stands where it is asked twice or thrice, that is cheaper.
    last = _last(reach)
    ends = select(last.cte("last")).scalar_subquery() if gradual or reach is Reach.SOME else last.scalar_subquery()
    small, large = _newest(reach, SMALL, ends), _newest(reach, LARGE, ends)
    steps = [_step(both(asked, small), here, 0, columns, of)]
    if begun:
        steps = _begun(reach, asked, small, columns)
    if gradual:
        near = [_newest(reach, SMALL, ends, blocks << SMALL) for blocks in (2, 4)]
        steps.append(_step(both(asked, _any(*near)), here, 1, columns, of))
        small = _any(small, *near)
    steps.append(_step(both(asked, both(large, _not(small))), here, 1, columns, of))
    there_are_more = func.coalesce(ends, 0).op(">>")(LARGE) > 1
    steps += _rest(reach, both(asked, _not(large)), there_are_more, columns, of)
    return select(union_all(*steps).subquery("nearest")).limit(limit)


def _begun(
    reach: Reach, asked: ColumnElement[Any], small: ColumnElement[Any], columns: Sequence[Any]
) -> list[AnySelect]:
    """The newest block, where what is asked is only begun: either step finds nothing without being taken."""
    here = _listed(reach)
    is_common = select(_probe(reach, asked).c.is_common).scalar_subquery()
    by_itself: ColumnElement[bool] = func.ts_match_vq(IssueDocument.document, asked)
    return [
        _step(small, here & by_itself & is_common, 0, columns),
        _step(both(asked, small), here & is_common.is_(False), 0, columns),
    ]


def _rest(
    reach: Reach, asked: ColumnElement[Any], there_are_more: ColumnElement[bool], columns: Sequence[Any], of: Any
) -> list[AnySelect]:
    """What is in none of the blocks: which projects, by the column or by the words in the index."""
    by_words = _step(in_whole(asked, reach, query("whole")), inside(reach, of=of) & there_are_more, 2, columns, of)
    if reach not in (Reach.ONE, Reach.SOME):
        return [by_words]
    is_most = _are_most(reach)
    by_column = _step(asked, _within(reach, of) & there_are_more & is_most, 2, columns, of)
    return [by_column, by_words.where(is_most.is_(False))]


def _within(reach: Reach, of: Any) -> ColumnElement[bool]:
    """Which projects, by the column, where no word says it at all."""
    return of.project_id == _PROJECT if reach is Reach.ONE else _listed(reach, of)


def _are_most(reach: Reach) -> ColumnElement[bool]:
    """Whether a good part of all issues is in the projects.

    Then they are told apart by the column: by their words the index would go through all that these projects have,
    which takes it longer than to look at the few documents of others.
    """
    here = Project.id == (_PROJECT if reach is Reach.ONE else func.any(_PROJECTS))
    numbers = select(func.sum(Project.next_number) * FEW_OTHERS).where(here).scalar_subquery()
    newest = aliased(Issue, name=eyes.WHOLE)  # whoever sees it: it only tells which way is shorter
    return func.coalesce(numbers > select(func.max(newest.id)).scalar_subquery(), False)


def _probe(reach: Reach, asked: ColumnElement[Any]) -> CTE:
    """Whether any of the newest documents has what is asked: found out once, whatever asks for it."""
    newest = select(IssueDocument.document)
    if reach is Reach.ONE:
        newest = newest.join(Issue, Issue.id == IssueDocument.issue_id).where(Issue.project_id == _PROJECT)
    newest = newest.order_by(Issue.number.desc() if reach is Reach.ONE else IssueDocument.issue_id.desc())
    some = newest.limit(PROBED).subquery("newest")
    return select(exists().where(func.ts_match_vq(some.c.document, asked)).label("is_common")).cte("probe")


def _step(
    wanted: ColumnElement[Any],
    inside: ColumnElement[bool],
    number: int,
    columns: Sequence[Any],
    of: Any = IssueDocument,
) -> AnySelect:
    step: Label[int] = literal_column(str(number), type_=BigInteger).label("step")
    found = select(IssueDocument.issue_id, step, *columns)
    if of is IssueDocument:
        return found.where(has(select(wanted).scalar_subquery()), inside)
    # As an array: PostgreSQL takes much for what several questions find, and would go through all documents for it.
    ids = func.array(select(of.issue_id).where(of.document.bool_op("@@")(wanted), inside).scalar_subquery())
    return found.where(IssueDocument.issue_id == func.any(ids))


def in_whole(wanted: ColumnElement[Any], reach: Reach, whole: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is asked, and what any document of the projects has, where a word says that."""
    return both(wanted, whole) if reach in (Reach.ONE, Reach.SOME) else wanted


def has(wanted: ColumnElement[Any]) -> ColumnElement[bool]:
    return IssueDocument.document.bool_op("@@")(wanted)


def _any(*wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    return reduce(lambda one, other: func.tsquery_or(one, other, type_=TSQUERY), wanted)


def _not(wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.tsquery_not(wanted, type_=TSQUERY)
