"""How issues are written: themselves, their project's counters, and the events that tell of it, in one statement."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Uuid, bindparam, case, exists, func, insert, select, true, update

from webapp.access import Viewer
from webapp.db import AnyRow, AnySelect
from webapp.events import writing as events
from webapp.events.kinds import Happening, Opened
from webapp.issues.fields import FIELDS
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.projects.holding import WRITTEN, asking, standing
from webapp.reading import Built, read

# The value of a column that is to be the time of the change.
NOW = object()
# What is said of a new issue; the rest is as the database has it for any.
COLUMNS = (
    *(field.column for field in FIELDS if field.new and not field.is_many),
    "body_html",
    "html_version",
    "author_id",
)


def _adding(*, as_seen: bool) -> AnySelect:
    # That there is a private one is no activity of the project, which all would see.
    moved = case((bindparam("private", type_=Issue.private.type), Project.updated_at), else_=func.now())
    numbered = (
        update(Project)
        .where(Project.id == bindparam("project_id"))
        .values(next_number=Project.next_number + 1, open_issues=Project.open_issues + 1, updated_at=moved)
        .returning(*WRITTEN, (Project.next_number - 1).label("number"))
        .cte("numbered")
    )
    bound = [bindparam(name, type_=getattr(Issue, name).type) for name in COLUMNS]
    added = (
        insert(Issue)
        .from_select(
            ["project_id", "number", *COLUMNS],
            select(numbered.c.id, numbered.c.number, *bound),
            include_defaults=False,
        )
        .returning(Issue.id, Issue.project_id, Issue.number, Issue.created_at)
        .cte("added")
    )
    author, change = bindparam("author_id", type_=Issue.author_id.type), bindparam("change", type_=Uuid())
    recorded = events.single(added.c.project_id, added.c.id, author, change, Opened()).cte("recorded")
    return (
        asking(numbered, as_seen=as_seen)
        .join(added, true())
        .add_columns(added.c.id.label("issue_id"), added.c.number, added.c.created_at)
        .add_cte(recorded)
    )


_ADDING, _ADDING_AS_SEEN = Built(_adding(as_seen=False)), Built(_adding(as_seen=True))


def add(
    project_id: int, by: Viewer, change: UUID, values: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> AnyRow | None:
    """Give an issue the project's next number and write it: (issue_id, number, created_at).

    The project's row stays locked until the transaction ends, and the row that comes back says what `by` may do in
    it, for `standing.confirm_by`; it is None if the project is gone. `change` is what the event has in common with
    others. With `seen`, for `standing.alone_by`, it fails where rights are not as that tells.
    """
    given = {"project_id": project_id, "change": change, "author_id": by.id, **values, **standing(by)}
    if seen is not None:
        return read(_ADDING_AS_SEEN, {**given, **seen}).one_or_none()
    return read(_ADDING, given).one_or_none()


@lru_cache(maxsize=300)
def _changing(columns: tuple[tuple[str, bool], ...]) -> Built:
    """The statement that changes these columns, those of which it is said to the time of the change."""
    named = {
        name: func.now() if is_now else bindparam(f"new_{name}", type_=getattr(Issue, name).type)
        for name, is_now in columns
    }
    ids, project_id = bindparam("ids", type_=ARRAY(BigInteger)), bindparam("project_id", type_=BigInteger)
    changed = (
        update(Issue)
        .where(Issue.id == func.any(ids))
        .values(**named, version=Issue.version + 1, updated_at=func.now())
        .returning(Issue.private)
        .cte("changed")
    )
    is_seen = exists().where(~changed.c.private)
    touched = (
        update(Project)
        .where(Project.id == project_id)
        .values(
            open_issues=Project.open_issues + bindparam("more_open", type_=BigInteger),
            closed_issues=Project.closed_issues + bindparam("more_closed", type_=BigInteger),
            updated_at=case((is_seen, func.now()), else_=Project.updated_at),
        )
        .returning(*WRITTEN)
        .cte("touched")
    )
    actor, change = bindparam("actor_id", type_=BigInteger), bindparam("change", type_=Uuid())
    recorded = events.several(project_id, actor, change).cte("recorded")
    return Built(asking(touched).add_columns(func.now().label("at")).add_cte(changed, recorded))


def change(
    ids: Collection[int],
    project_id: int,
    values: Mapping[str, Any],
    happened: Sequence[tuple[int, Happening]],
    *,
    more: tuple[int, int],
    by: Viewer,
    change_id: UUID,
) -> AnyRow | None:
    """Write the same into locked issues of a project, as the next version of each; one or many, it is one statement.

    `happened` is told of each by its id, and `more` is how many more open and closed issues there are then. The row
    that comes back says what `by` may do in the project, for `standing.confirm_by`, and when it is (`at`).
    """
    columns = tuple(sorted((name, value is NOW) for name, value in values.items()))
    given: dict[str, Any] = {f"new_{name}": value for name, value in values.items() if value is not NOW}
    given |= {"ids": list(ids), "project_id": project_id, "more_open": more[0], "more_closed": more[1]}
    given |= events.given(happened)
    given |= {"actor_id": by.id, "change": change_id}
    return read(_changing(columns), {**given, **standing(by)}).one_or_none()
