from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Label,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from webapp.db import db
from webapp.documents.models import IssueDocument
from webapp.issues.models import Issue
from webapp.projects.models import Project
from webapp.reading import read

# Powers of two: how many numbers a small and a large block have, as `search_scope` writes them.
SMALL, LARGE = 10, 15
# More projects than this are told apart by a column, not by their words in the index.
MANY = 100


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: in some projects, or everywhere (None)."""

    projects: Sequence[int] | None

    @property
    def whole(self) -> ColumnElement[Any] | None:
        """What any document of the projects has; None where no word says it."""
        if self.projects is None or not 0 < len(self.projects) <= MANY:
            return None
        return query(" | ".join(f"'p/{id}'" for id in self.projects))

    @property
    def listed(self) -> ColumnElement[bool]:
        """Which projects, by the column: enough for the few documents of a block, where no other word says it."""
        if self.projects is None or len(self.projects) == 1:
            return true()
        return IssueDocument.project_id.in_(self.projects)

    @property
    def inside(self) -> ColumnElement[bool]:
        """What no word says: which of too many projects."""
        if self.projects is None or 0 < len(self.projects) <= MANY:
            return true()
        return IssueDocument.project_id.in_(self.projects)

    def newest(self, size: int) -> ColumnElement[Any]:
        """What the documents of the newest issues have: by number in one project, by id in several."""
        name = "s" if size == SMALL else "l"
        if self.projects is not None and len(self.projects) == 1:
            last = select(Project.next_number - 1).where(Project.id == self.projects[0]).scalar_subquery()
            return func.search_newest(f"p/{self.projects[0]}/{name}", func.coalesce(last, 0), size, type_=TSQUERY)
        last = select(func.max(Issue.id)).scalar_subquery()
        return func.search_newest(name, func.coalesce(last, 0), size, type_=TSQUERY)


def query(text: str) -> ColumnElement[Any]:
    """What is asked, as PostgreSQL reads it."""
    return cast(literal(text, Text), TSQUERY)


def both(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return one.op("&&", return_type=TSQUERY())(other)


def found(asked: ColumnElement[Any], scope: Scope) -> ColumnElement[bool]:
    """Whether a document has what is asked and is in the scope."""
    everywhere = asked if scope.whole is None else both(asked, scope.whole)
    return _has(everywhere) & scope.inside


def nearest(asked: ColumnElement[Any], scope: Scope, limit: int) -> Select[int, int]:
    """Ids of issues that have what is asked, up to a limit, and how far they had to be looked for.

    The newest block of numbers is read first (0), then a larger one (1), then all (2). PostgreSQL runs the parts
    of a union one after the other, and none once there are enough: a common word is never gathered whole.
    """
    blocks = [scope.newest(SMALL), scope.newest(LARGE)]
    steps = [_step(both(asked, blocks[0]), scope.listed, 0)]
    steps.append(_step(both(asked, both(blocks[1], _not(blocks[0]))), scope.listed, 1))
    rest = both(asked, _not(blocks[1]))
    steps.append(_step(rest if scope.whole is None else both(rest, scope.whole), scope.inside, 2))
    each = union_all(*steps).subquery("nearest")
    return select(each.c.issue_id, each.c.step).limit(limit)


def probed(asked: str, projects: Sequence[int] | None, limit: int) -> Sequence[tuple[int, int]]:
    """The same, read."""
    rows = read(nearest(query(asked), Scope(projects), limit))
    return [(id, step) for id, step in rows]


def gathered(asked: str, projects: Sequence[int] | None) -> ColumnElement[bool]:
    """Whether an issue is among all that have what is asked."""
    return Issue.id.in_(select(IssueDocument.issue_id).where(found(query(asked), Scope(projects))))


def common(asked: str) -> ColumnElement[bool]:
    """Whether the document of an issue has what is asked, looked up for each issue that a list comes by.

    A plain column of a subselect: PostgreSQL would turn EXISTS into a join that gathers all of them first.
    """
    return select(_has(query(asked))).where(IssueDocument.issue_id == Issue.id).correlate(Issue).scalar_subquery()


def _step(wanted: ColumnElement[Any], inside: ColumnElement[bool], number: int) -> Select[int, int]:
    where = select(wanted).scalar_subquery()
    step: Label[int] = literal_column(str(number), type_=BigInteger).label("step")
    return select(IssueDocument.issue_id, step).where(_has(where), inside)


def _has(wanted: ColumnElement[Any]) -> ColumnElement[bool]:
    return IssueDocument.document.bool_op("@@")(wanted)


def _not(wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.tsquery_not(wanted, type_=TSQUERY)


def rewrite(after: int, number: int) -> tuple[int, int]:
    """Write the documents of the next issues after an id anew; returns how many, and the last id."""
    ids = db.session.scalars(select(Issue.id).where(Issue.id > after).order_by(Issue.id).limit(number)).all()
    if ids:
        db.session.execute(select(func.refresh_issue_documents(list(ids))))
    return len(ids), max(ids, default=after)
