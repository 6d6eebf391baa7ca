from collections.abc import Sequence

from sqlalchemy import bindparam, exists, func, select, update

from webapp.db import db
from webapp.issues.models import Issue
from webapp.projects.models import Project
from webapp.reading import Built, read
from webapp.statuses.models import Status
from webapp.statuses.rows import StatusRow

_ORDER = (Status.position, Status.id)
_COLUMNS = Status.id, Status.project_id, Status.name, Status.category, Status.position, Status.wip_limit
_OF_PROJECT = Built(select(*_COLUMNS).where(Status.project_id == bindparam("project_id")).order_by(*_ORDER))


def of_project(project_id: int) -> Sequence[StatusRow]:
    """The statuses of a project in their order."""
    return [StatusRow(*row) for row in read(_OF_PROJECT, {"project_id": project_id})]


def changeable(project_id: int) -> Sequence[Status]:
    """The same, to be changed."""
    return db.session.scalars(select(Status).where(Status.project_id == project_id).order_by(*_ORDER)).all()


def lock(project_id: int) -> None:
    """Let nobody else change this project's statuses until the transaction ends."""
    db.session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def hold_issues(project_id: int, status_id: int) -> None:
    """Let nobody else change the issues that have this status until the transaction ends.

    To be called before `lock`: who saves an issue holds that, and then wants the project.
    """
    having = Issue.project_id == project_id, Issue.status_id == status_id
    db.session.execute(select(Issue.id).where(*having).order_by(Issue.id).with_for_update()).all()


def add(status: Status) -> None:
    db.session.add(status)
    db.session.flush()


def flush() -> None:
    db.session.flush()


def remove(status: Status) -> None:
    db.session.delete(status)
    db.session.flush()


def is_used(status_id: int) -> bool:
    """Whether any issue has this status."""
    return bool(db.session.scalar(select(exists().where(Issue.status_id == status_id))))


def move_issues(old: Status, new: Status) -> Sequence[int]:
    """Give the issues of one status another one; returns which. One statement for any number."""
    changed = update(Issue).where(Issue.status_id == old.id).returning(Issue.id)
    values = {"status_id": new.id, "version": Issue.version + 1, "updated_at": func.now()}
    return db.session.scalars(changed.values(values).execution_options(synchronize_session=False)).all()
