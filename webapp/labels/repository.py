from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from webapp.db import AnySelect, db
from webapp.models.issues import IssueLabel
from webapp.models.labels import Label, LabelAlias
from webapp.reading import Built, read


def of_project(project_id: int) -> Sequence[Label]:
    """All labels of a project, by name."""
    return db.session.scalars(select(Label).where(Label.project_id == project_id).order_by(Label.sort_key)).all()


# Built once: it runs with every board.
_IN_TWO_PARTS = Built(
    select(Label.name)
    .where(Label.project_id == bindparam("project_id", type_=BigInteger), func.strpos(Label.name, "::") > 0)
    .order_by(Label.sort_key)
)


def in_two_parts(project_id: int) -> Sequence[str]:
    """The names of those labels of a project that have `::` in them, in order."""
    return [row.name for row in read(_IN_TWO_PARTS, {"project_id": project_id})]


def numbered(project_id: int, label_id: int) -> Label | None:
    return db.session.scalar(select(Label).where(Label.project_id == project_id, Label.id == label_id))


@dataclass(frozen=True, slots=True)
class Called:
    """A label by what it is called."""

    id: int
    name: str


def _named() -> AnySelect:
    names = func.unnest(bindparam("names", type_=ARRAY(Text)))
    asked = names.table_valued(column("name", Text), name="asked").render_derived()
    same = func.lower(Label.name) == func.lower(asked.c.name)
    labels = select(asked.c.name.label("asked"), Label.id, Label.name).join(Label, same)
    return labels.where(Label.project_id == bindparam("project_id", type_=BigInteger))


# Built once: it runs with every issue that is opened with labels.
_NAMED = Built(_named())


def named(project_id: int, names: Sequence[str]) -> dict[str, Called]:
    """The labels with these names, in any case, each under the name as it was asked for.

    The database compares: its lower case is the one that the unique index has, and Python's is another.
    """
    found = read(_NAMED, {"project_id": project_id, "names": list(names)})
    return {row.asked: Called(row.id, row.name) for row in found}


def locked(project_id: int) -> Sequence[Label]:
    """All labels of a project, which nobody else can change, tie or untie until the transaction ends."""
    statement = select(Label).where(Label.project_id == project_id).order_by(Label.id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def stored(label: Label) -> bool:
    """Write the label; False if another has just taken its name, after which all can only be undone."""
    db.session.add(label)
    try:
        db.session.flush()
    except IntegrityError as error:
        if getattr(error.orig, "pgcode", "") == "23505":
            return False
        raise
    return True


def count_sharing(label_id: int, other_ids: Sequence[int]) -> int:
    """How many issues carry this label and one of the others."""
    other = aliased(IssueLabel)
    return (
        db.session.scalar(
            select(func.count(IssueLabel.issue_id.distinct()))
            .join(other, other.issue_id == IssueLabel.issue_id)
            .where(IssueLabel.label_id == label_id, other.label_id.in_(other_ids))
        )
        or 0
    )


def lead_on(source: Label, target: Label) -> None:
    """Let the id of a label that goes, and those that became it before, lead to another one."""
    before = update(LabelAlias).where(LabelAlias.label_id == source.id).values(label_id=target.id).cte("before")
    own = insert(LabelAlias).values(id=source.id, label_id=target.id).add_cte(before)
    db.session.execute(own.execution_options(synchronize_session=False))


def fresh(label: Label) -> Label:
    """The label as it is now in the database."""
    db.session.refresh(label)
    return label


def remove(label: Label) -> None:
    db.session.delete(label)
    db.session.flush()
