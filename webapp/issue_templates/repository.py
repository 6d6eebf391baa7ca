from collections.abc import Sequence

from sqlalchemy import BigInteger, bindparam, func, select

from webapp.db import db
from webapp.issue_templates.rows import TemplateRow
from webapp.models.issue_templates import IssueTemplate
from webapp.reading import Built, read


def of_project(project_id: int) -> Sequence[IssueTemplate]:
    """All templates of a project, in their order."""
    return db.session.scalars(
        select(IssueTemplate)
        .where(IssueTemplate.project_id == project_id)
        .order_by(IssueTemplate.position, IssueTemplate.id)
    ).all()


# Built once: it runs with every form of a new issue.
_OFFERED = Built(
    select(IssueTemplate.id, IssueTemplate.name, IssueTemplate.title, IssueTemplate.body, IssueTemplate.labels)
    .where(IssueTemplate.project_id == bindparam("project_id", type_=BigInteger))
    .order_by(IssueTemplate.position, IssueTemplate.id)
)


def offered(project_id: int) -> Sequence[TemplateRow]:
    """The same to look at, not to change."""
    return [TemplateRow(*row) for row in read(_OFFERED, {"project_id": project_id})]


def numbered(project_id: int, template_id: int) -> IssueTemplate | None:
    return db.session.scalar(
        select(IssueTemplate).where(IssueTemplate.project_id == project_id, IssueTemplate.id == template_id)
    )


def named(project_id: int, name: str) -> IssueTemplate | None:
    """The template with this name, in any case, as the database has it."""
    return db.session.scalar(
        select(IssueTemplate).where(
            IssueTemplate.project_id == project_id, func.lower(IssueTemplate.name) == func.lower(name)
        )
    )


def add(template: IssueTemplate) -> None:
    db.session.add(template)
    store(template)


def store(template: IssueTemplate) -> None:
    """Write what was changed; the template then tells its labels as they are called."""
    db.session.flush()
    db.session.refresh(template)


def flush() -> None:
    db.session.flush()


def remove(template: IssueTemplate) -> None:
    db.session.delete(template)
    db.session.flush()
