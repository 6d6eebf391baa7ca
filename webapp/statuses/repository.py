from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select

from webapp.db import db
from webapp.issues.statuses import StatusRow
from webapp.models.projects import Project
from webapp.models.statuses import Status
from webapp.reading import Built, among, read

_ORDER = (Status.position, Status.id)
_COLUMNS = Status.id, Status.project_id, Status.name, Status.category, Status.position, Status.wip_limit
_OF_PROJECT = Built(select(*_COLUMNS).where(Status.project_id == bindparam("project_id")).order_by(*_ORDER))


def of_project(project_id: int) -> Sequence[StatusRow]:
    """The statuses of a project in their order."""
    return [StatusRow(*row) for row in read(_OF_PROJECT, {"project_id": project_id})]


def of_projects(project_ids: Collection[int]) -> Sequence[StatusRow]:
    """Those of several projects, each in their order."""
    rows = select(*_COLUMNS).where(among(Status.project_id, project_ids)).order_by(*_ORDER)
    return [StatusRow(*row) for row in read(rows)]


def changeable(project_id: int) -> Sequence[Status]:
    """The same, to be changed."""
    return db.session.scalars(select(Status).where(Status.project_id == project_id).order_by(*_ORDER)).all()


def lock(project_id: int) -> None:
    """Let nobody else change this project's statuses until the transaction ends."""
    db.session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def add(status: Status) -> None:
    db.session.add(status)
    db.session.flush()


def flush() -> None:
    db.session.flush()


def remove(status: Status) -> None:
    db.session.delete(status)
    db.session.flush()
