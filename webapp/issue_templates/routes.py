from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.i18n import _
from webapp.issue_templates import service as issue_templates
from webapp.issue_templates.schemas import IssueTemplateEdit, IssueTemplateIn, IssueTemplateOut
from webapp.paging import whole
from webapp.picking import picks
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("issue_templates", "/projects/<project:project>/templates")


@bp.get("")
def index(project: ProjectRow) -> Reply[Slice[IssueTemplateOut]]:
    """The templates that a new issue can be begun from."""
    listed = issue_templates.of(project)
    return Page("issue_templates/list.html", whole(listed), project=project, templates=listed)


@bp.page("/new")
def new(project: ProjectRow, by: Viewer) -> Page:
    """The form for a new template."""
    issue_templates.require_manage(project, by)
    form = Form.of()
    return Page("issue_templates/new.html", project=project, form=form, offer=picks.offers(project, form, "labels"))


@bp.post("", form="new", creates=True)
def create(project: ProjectRow, body: IssueTemplateIn, by: Viewer) -> Reply[IssueTemplateOut]:
    """Add a template."""
    template = issue_templates.create(project, body, by=by)
    at = url_for(".show", project=project.key, template=template.id)
    back = url_for(".index", project=project.key)
    return Made(template, at=at, back=back, say=_("Template %(name)s created.", name=template.name))


@bp.get("/<number:template>")
def show(project: ProjectRow, template: int) -> Reply[IssueTemplateOut]:
    """One template. A browser is shown a new issue that is begun from it."""
    existing = issue_templates.get(project, template)
    return Done(existing, at=url_for("issues.new", project=project.key, template=existing.id))


@bp.page("/<number:template>/edit")
def edit(project: ProjectRow, template: int, by: Viewer) -> Page:
    """The form that changes a template."""
    issue_templates.require_manage(project, by)
    existing = issue_templates.get(project, template)
    form = Form.of(existing)
    offer = picks.offers(project, form, "labels")
    return Page("issue_templates/edit.html", project=project, template=existing, form=form, offer=offer)


@bp.patch("/<number:template>", form="edit")
def update(project: ProjectRow, template: int, body: IssueTemplateEdit, by: Viewer) -> Reply[IssueTemplateOut]:
    """Change a template."""
    changed = issue_templates.edit(project, template, body, by=by)
    return Done(changed, at=url_for(".index", project=project.key), say=_("Saved."))


@bp.page("/<number:template>/delete")
def confirm_remove(project: ProjectRow, template: int, by: Viewer) -> Page:
    """Asks before a template is deleted."""
    issue_templates.require_manage(project, by)
    return Page("issue_templates/delete.html", project=project, template=issue_templates.get(project, template))


@bp.delete("/<number:template>")
def remove(project: ProjectRow, template: int, by: Viewer) -> Reply[None]:
    """Delete a template."""
    issue_templates.remove(project, template, by=by)
    return Done(None, at=url_for(".index", project=project.key), say=_("Template deleted."))
