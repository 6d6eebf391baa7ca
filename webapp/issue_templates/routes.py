from flask import url_for

from webapp.http import Done, Feature, Form, Made, Page, Reply, me, picks
from webapp.http.canonical import project_at, project_for
from webapp.issue_templates import service as issue_templates
from webapp.issue_templates.schemas import IssueTemplateEdit, IssueTemplateIn, IssueTemplateOut
from webapp.paging import whole
from webapp.types import Slice

bp = Feature("issue_templates", "/projects/<project:project>/templates")


@bp.get("")
def index(project: str) -> Reply[Slice[IssueTemplateOut]]:
    """The templates that a new issue can be begun from."""
    found = project_at(project)
    listed = issue_templates.of(found)
    return Page("issue_templates/list.html", whole(listed), project=found, templates=listed)


@bp.page("/new")
def new(project: str) -> Page:
    """The form for a new template."""
    found = project_at(project)
    issue_templates.require_manage(found, me())
    form = Form.of()
    return Page("issue_templates/new.html", project=found, form=form, offer=picks.offers(found, form, "labels"))


@bp.post("", form="new", creates=True)
def create(project: str, body: IssueTemplateIn) -> Reply[IssueTemplateOut]:
    """Add a template."""
    found = project_for(project)
    template = issue_templates.create(found, body, by=me())
    at = url_for(".show", project=found.key, template=template.id)
    back = url_for(".index", project=found.key)
    return Made(template, at=at, back=back, say=f"Template {template.name} created.")


@bp.get("/<number:template>")
def show(project: str, template: int) -> Reply[IssueTemplateOut]:
    """One template. A browser is shown a new issue that is begun from it."""
    found = project_at(project)
    existing = issue_templates.get(found, template)
    return Done(existing, at=url_for("issues.new", project=found.key, template=existing.id))


@bp.page("/<number:template>/edit")
def edit(project: str, template: int) -> Page:
    """The form that changes a template."""
    found = project_at(project)
    issue_templates.require_manage(found, me())
    existing = issue_templates.get(found, template)
    form = Form.of(existing)
    offer = picks.offers(found, form, "labels")
    return Page("issue_templates/edit.html", project=found, template=existing, form=form, offer=offer)


@bp.patch("/<number:template>", form="edit")
def update(project: str, template: int, body: IssueTemplateEdit) -> Reply[IssueTemplateOut]:
    """Change a template."""
    found = project_for(project)
    changed = issue_templates.edit(found, template, body, by=me())
    return Done(changed, at=url_for(".index", project=found.key), say="Saved.")


@bp.page("/<number:template>/delete")
def confirm_remove(project: str, template: int) -> Page:
    """Asks before a template is deleted."""
    found = project_at(project)
    issue_templates.require_manage(found, me())
    return Page("issue_templates/delete.html", project=found, template=issue_templates.get(found, template))


@bp.delete("/<number:template>")
def remove(project: str, template: int) -> Reply[None]:
    """Delete a template."""
    found = project_for(project)
    issue_templates.remove(found, template, by=me())
    return Done(None, at=url_for(".index", project=found.key), say="Template deleted.")
