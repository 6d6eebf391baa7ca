from collections.abc import Sequence

from sqlalchemy import func, select

from webapp.db import db
from webapp.labels.models import Label


def of_project(project_id: int) -> Sequence[Label]:
    """All labels of a project, by name."""
    return db.session.scalars(
        select(Label).where(Label.project_id == project_id).order_by(func.lower(Label.name))
    ).all()


def numbered(project_id: int, label_id: int) -> Label | None:
    return db.session.scalar(select(Label).where(Label.project_id == project_id, Label.id == label_id))


def named(project_id: int, names: Sequence[str]) -> Sequence[Label]:
    """The labels with these names, in any case."""
    wanted = [name.lower() for name in names]
    return db.session.scalars(
        select(Label).where(Label.project_id == project_id, func.lower(Label.name).in_(wanted))
    ).all()


def add(label: Label) -> None:
    db.session.add(label)
    db.session.flush()


def flush() -> None:
    db.session.flush()


def remove(label: Label) -> None:
    db.session.delete(label)
    db.session.flush()
