from collections.abc import Sequence

from sqlalchemy import ARRAY, TableValuedAlias, Text, bindparam, column, func, select

from webapp.db import db
from webapp.labels.models import Label


def of_project(project_id: int) -> Sequence[Label]:
    """All labels of a project, by name."""
    return db.session.scalars(
        select(Label).where(Label.project_id == project_id).order_by(func.lower(Label.name))
    ).all()


def numbered(project_id: int, label_id: int) -> Label | None:
    return db.session.scalar(select(Label).where(Label.project_id == project_id, Label.id == label_id))


def named(project_id: int, names: Sequence[str]) -> dict[str, Label]:
    """The labels with these names, in any case, each under the name as it was asked for.

    The database compares: its lower case is the one that the unique index has, and Python's is another.
    """
    asked = _each(names)
    found = db.session.execute(
        select(asked.c.name, Label)
        .join(Label, func.lower(Label.name) == func.lower(asked.c.name))
        .where(Label.project_id == project_id)
    )
    return dict(found.tuples().all())


def add(label: Label) -> None:
    db.session.add(label)
    db.session.flush()


def flush() -> None:
    db.session.flush()


def remove(label: Label) -> None:
    db.session.delete(label)
    db.session.flush()


def _each(names: Sequence[str]) -> TableValuedAlias:
    """The names as a table's column."""
    array = bindparam("names", list(names), type_=ARRAY(Text))
    return func.unnest(array).table_valued(column("name", Text), name="asked").render_derived()
