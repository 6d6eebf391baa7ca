from collections.abc import Sequence

from sqlalchemy import func, select

from webapp.db import db
from webapp.issue_templates.models import IssueTemplate
from webapp.projects.models import Project


def of_project(project_id: int) -> Sequence[IssueTemplate]:
    """All templates of a project, in their order."""
    return db.session.scalars(
        select(IssueTemplate)
        .where(IssueTemplate.project_id == project_id)
        .order_by(IssueTemplate.position, IssueTemplate.id)
    ).all()


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


def lock(project_id: int) -> None:
    """Let nobody else change the project's templates until the transaction ends."""
    db.session.execute(select(Project.id).where(Project.id == project_id).with_for_update(key_share=True))


def add(template: IssueTemplate) -> None:
    db.session.add(template)
    db.session.flush()


def flush() -> None:
    db.session.flush()


def remove(template: IssueTemplate) -> None:
    db.session.delete(template)
    db.session.flush()
