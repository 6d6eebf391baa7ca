from collections.abc import Sequence
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.audit import service as audit
from webapp.db import transaction
from webapp.errors import Conflict, NotFound
from webapp.i18n import Whole, _, ngettext
from webapp.issue_templates import repository
from webapp.issue_templates.rows import TemplateRow
from webapp.issue_templates.schemas import IssueTemplateEdit, IssueTemplateIn
from webapp.issues import locks
from webapp.labels import service as labels
from webapp.models.issue_templates import IssueTemplate
from webapp.projects.service import ProjectRow

# All of them stand above the form of a new issue.
MOST = 20


def of(project: ProjectRow) -> Sequence[IssueTemplate]:
    """All templates of a project, in their order."""
    return repository.of_project(project.id)


def offered(project: ProjectRow) -> Sequence[TemplateRow]:
    """The same to look at, not to change."""
    return repository.offered(project.id)


def get(project: ProjectRow, template_id: int) -> IssueTemplate:
    template = repository.numbered(project.id, template_id)
    if template is None:
        raise NotFound()
    return template


def require_manage(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the forms that change templates."""
    require(by, Do.MANAGE_TEMPLATES, project)


@transaction
def create(project: ProjectRow, draft: IssueTemplateIn, by: Viewer) -> IssueTemplate:
    """Add a template after the others. Raises Conflict for a name that is taken, in any case."""
    require(by, Do.MANAGE_TEMPLATES, project)
    others = _others(project)
    if len(others) >= MOST:
        raise Conflict(
            ngettext(
                "A project has at most %(num)s template. Delete one first.",
                "A project has at most %(num)s templates. Delete one first.",
                MOST,
            )
        )
    _refuse_taken(project, draft.name)
    template = IssueTemplate(
        project_id=project.id,
        name=draft.name,
        title=draft.title,
        body=draft.body,
        label_ids=_labels(project, draft.labels),
        position=len(others),
    )
    repository.add(template)
    _note(project, template, by, after={"name": template.name})
    return template


@transaction
def edit(project: ProjectRow, template_id: int, changes: IssueTemplateEdit, by: Viewer) -> IssueTemplate:
    """Change what was sent. With another position the others move up or down."""
    require(by, Do.MANAGE_TEMPLATES, project)
    others = _others(project)
    template = get(project, template_id)
    before = template.name
    others = [one for one in others if one.id != template.id]
    sent = changes.model_dump(exclude_unset=True)
    if "name" in sent:
        _refuse_taken(project, sent["name"], template)
    if "labels" in sent:
        sent["label_ids"] = _labels(project, sent.pop("labels"))
    for name, value in sent.items():
        setattr(template, name, value)
    if "position" in sent:
        _line_up([*others[: template.position], template, *others[template.position :]])
    repository.store(template)
    if sent:
        _note(project, template, by, before={"name": before}, after={"name": template.name})
    return template


@transaction
def remove(project: ProjectRow, template_id: int, by: Viewer) -> None:
    """Delete a template. Issues started from it stay as they are."""
    require(by, Do.MANAGE_TEMPLATES, project)
    others = _others(project)
    template = get(project, template_id)
    repository.remove(template)
    _line_up([one for one in others if one.id != template.id])
    repository.flush()
    _note(project, template, by, before={"name": template.name})


def _note(project: ProjectRow, template: IssueTemplate, by: Viewer, **told: Any) -> None:
    of = audit.Target("template", template.id, template.name)
    audit.note(audit.Kind.SETTING_CHANGED, actor=by, target=of, project=project, **told)


def _others(project: ProjectRow) -> Sequence[IssueTemplate]:
    """The project's templates, which nobody else can change meanwhile."""
    locks.take_projects(project.id)
    return repository.of_project(project.id)


def _refuse_taken(project: ProjectRow, name: str, own: IssueTemplate | None = None) -> None:
    if repository.named(project.id, name) not in (None, own):
        raise Conflict.on("name", Whole(_("%(name)s is already a template of this project.", name=name)))


def _labels(project: ProjectRow, names: Sequence[str]) -> list[int]:
    """The ids of the project's labels. Raises Invalid for one that it does not have."""
    return [label.id for label in labels.named(project, names)]


def _line_up(templates: Sequence[IssueTemplate]) -> None:
    for position, template in enumerate(templates):
        template.position = position
