"""How a new issue is written: its number, itself, and the event that tells of it, in one statement."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from webapp.db import AnyRow, AnySelect
from webapp.issues.models import Issue
from webapp.projects.models import Project
from webapp.reading import Built, read
from webapp.timeline.models import Event

# What is said of a new issue; the rest is as the database has it for any.
SAID = (
    "title", "body", "body_html", "html_version", "priority", "status_id", "milestone_id", "parent_id", "start_on",
    "due_on", "estimate", "author_id",
)  # fmt: skip


def _adding() -> AnySelect:
    numbered = (
        update(Project)
        .where(Project.id == bindparam("project_id"))
        .values(next_number=Project.next_number + 1, open_issues=Project.open_issues + 1, updated_at=func.now())
        .returning(Project.id, (Project.next_number - 1).label("number"))
        .cte("numbered")
    )
    said = [bindparam(name, type_=getattr(Issue, name).type) for name in SAID]
    added = (
        insert(Issue)
        .from_select(
            ["project_id", "number", *SAID], select(numbered.c.id, numbered.c.number, *said), include_defaults=False
        )
        .returning(Issue.id, Issue.project_id, Issue.number, Issue.created_at)
        .cte("added")
    )
    opened = select(
        added.c.project_id,
        added.c.id,
        bindparam("author_id", type_=Issue.author_id.type),
        bindparam("change", type_=Uuid()),
        literal("opened"),
        literal({}, JSONB),
    )
    columns = ["project_id", "issue_id", "actor_id", "change_id", "kind", "data"]
    told = insert(Event).from_select(columns, opened, include_defaults=False).cte("told")
    return select(added.c.id, added.c.number, added.c.created_at).add_cte(told)


_ADDING = Built(_adding())


def add(project_id: int, change: UUID, values: Mapping[str, Any]) -> AnyRow | None:
    """Give an issue the project's next number and write it: (id, number, created_at); None if the project is gone.

    The project's row stays locked until the transaction ends. `change` is what the event has in common with others.
    """
    return read(_ADDING, {"project_id": project_id, "change": change, **values}).one_or_none()
