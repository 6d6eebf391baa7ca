"""Which issue is meant by a number, and by a key: the present ones, or those that it had before.

An issue leaves a number behind wherever it moved away from, and a project every key that it had. Whatever reads a
number that somebody wrote, in a text, a form, a query or an address, asks here, so that an old one goes on working.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Subquery,
    Text,
    bindparam,
    column,
    func,
    or_,
    select,
    union_all,
)

from webapp.access import Viewer
from webapp.db import AnyRow, AnySelect
from webapp.models.issues import Issue, IssueAlias
from webapp.models.projects import Project, ProjectAlias
from webapp.projects.sight import visible_to
from webapp.reading import Built, read

# A key with a number.
Name = tuple[str, int]


class Meant(NamedTuple):
    """An issue, as it is called now."""

    id: int
    key: str
    number: int


def ids(project_ids: Any, numbers: ColumnElement[Any]) -> Any:
    """A subquery: the ids of the issues that have one of these numbers in these projects, or had it there."""
    numbered = union_all(
        select(Issue.id).where(Issue.project_id.in_(project_ids), Issue.number == numbers),
        select(IssueAlias.issue_id).where(
            IssueAlias.project_id.in_(project_ids), IssueAlias.number == numbers, IssueAlias.issue_id.is_not(None)
        ),
    ).subquery("numbered")
    return select(numbered.c.id)


def meant(project_id: int, numbers: Collection[int]) -> ColumnElement[bool]:
    """The condition on issues of a project that have one of these numbers there, or others that had it before.

    It is asked of each row by itself. A subquery would be joined, and in a table that has grown since PostgreSQL
    last counted it, each of many issues would be compared with each of many numbers.
    """
    asked = bindparam(None, list(numbers), type_=ARRAY(BigInteger))
    left = IssueAlias.project_id == project_id, IssueAlias.number == func.any(asked), IssueAlias.issue_id.is_not(None)
    former = func.array(select(IssueAlias.issue_id).where(*left).scalar_subquery())
    return or_(Issue.number == func.any(asked), Issue.id == func.any(former))


def projects(key: str) -> Any:
    """A subquery: the id of the project that has this key, or had it."""
    keyed = union_all(
        select(Project.id).where(Project.key == key),
        select(ProjectAlias.project_id).where(ProjectAlias.key == key),
    ).subquery("keyed")
    return select(keyed.c.id)


def _one() -> AnySelect:
    there = ids([bindparam("project_id", type_=BigInteger)], bindparam("number", type_=BigInteger))
    columns = Issue.id, Issue.project_id, Issue.number, Issue.title, Issue.state
    return select(*columns).where(Issue.id.in_(there), Issue.deleted_at.is_(None))


_ONE = Built(_one())


def one(project_id: int, number: int) -> AnyRow | None:
    """What names the issue that this number of the project means: its id, project, number, title and state."""
    return read(_ONE, {"project_id": project_id, "number": number}).one_or_none()


def held(project_id: int, numbers: Collection[int]) -> dict[int, tuple[int, int | None]]:
    """The issues that are in a project under these numbers, or others that they got there: (id, parent) by number.

    Nobody else changes them, or takes them elsewhere, until the transaction ends.
    """
    if not numbers:
        return {}
    asked, numbered = bindparam("numbers", list(numbers), type_=ARRAY(BigInteger)), _numbered()
    rows = (
        select(numbered.c.number, Issue.id, Issue.parent_id)
        .join(Issue, Issue.id == numbered.c.id)
        .where(numbered.c.project_id == project_id, numbered.c.number == func.any(asked))
        .where(Issue.project_id == project_id, Issue.deleted_at.is_(None))
    )
    return {
        said: (id, parent_id)
        for said, id, parent_id in read(rows.order_by(Issue.id).with_for_update(key_share=True, of=Issue))
    }


def gone_from(project_id: int, numbers: Collection[int], viewer: Viewer | None) -> dict[int, AnyRow]:
    """The issues that left a project, by the number they had there: their ids, keys and numbers, if somebody sees."""
    asked = bindparam("numbers", list(numbers), type_=ARRAY(BigInteger))
    rows = read(
        select(IssueAlias.number.label("said"), Issue.id, Project.key, Issue.number)
        .join(Issue, Issue.id == IssueAlias.issue_id)
        .join(Project, Project.id == Issue.project_id)
        .where(IssueAlias.project_id == project_id, IssueAlias.number == func.any(asked))
        .where(Issue.deleted_at.is_(None), visible_to(viewer))
    )
    return {row.said: row for row in rows}


def named(names: Sequence[Name], viewer: Viewer | None) -> dict[Name, Meant]:
    """The issues that these names mean, if somebody sees both the issue and the project that it is named by."""
    if not names:
        return {}
    asked, keyed, numbered = _asked(names), _keyed(viewer), _numbered()
    rows = (
        select(asked.c.key, asked.c.number, Issue.id, Project.key, Issue.number)
        .join(keyed, keyed.c.key == asked.c.key)
        .join(numbered, (numbered.c.project_id == keyed.c.id) & (numbered.c.number == asked.c.number))
        .join(Issue, Issue.id == numbered.c.id)
        .join(Project, Project.id == Issue.project_id)
        .where(Issue.deleted_at.is_(None), visible_to(viewer))
    )
    return {(key, number): Meant(*issue) for key, number, *issue in read(rows)}


def _asked(names: Sequence[Name]) -> Any:
    keys = bindparam("keys", [key for key, _ in names], type_=ARRAY(Text))
    numbers = bindparam("numbers", [number for _, number in names], type_=ARRAY(BigInteger))
    columns = column("key", Text), column("number", BigInteger)
    return func.unnest(keys, numbers).table_valued(*columns, name="asked").render_derived()


def _keyed(viewer: Viewer | None) -> Subquery:
    """The projects that somebody sees, under each key that they have or had."""
    former = select(ProjectAlias.key, Project.id).join(Project, Project.id == ProjectAlias.project_id)
    present = select(Project.key.label("key"), Project.id.label("id"))
    return union_all(present.where(visible_to(viewer)), former.where(visible_to(viewer))).subquery("keyed")


def _numbered() -> Subquery:
    """All issues, under each number that they have or had."""
    present = select(Issue.project_id.label("project_id"), Issue.number.label("number"), Issue.id.label("id"))
    former = select(IssueAlias.project_id, IssueAlias.number, IssueAlias.issue_id)
    return union_all(present, former).subquery("numbered")
