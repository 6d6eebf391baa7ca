from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.http.pages import kept
from webapp.i18n import _
from webapp.labels import service as labels
from webapp.labels.schemas import LabelEdit, LabelIn, LabelOut, MergeIn
from webapp.paging import whole
from webapp.picking import picks
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("labels", "/projects/<project:project>/labels")


@bp.get("")
def index(project: ProjectRow) -> Reply[Slice[LabelOut]]:
    """All labels of a project."""
    return kept(project, lambda: _listed(project))


@bp.post("", form="index", creates=True)
def create(project: ProjectRow, body: LabelIn, by: Viewer) -> Reply[LabelOut]:
    """Add a label."""
    label = labels.create(project, body, by=by)
    at = url_for(".show", project=project.key, label=label.id)
    back = url_for(".index", project=project.key)
    return Made(label, at=at, back=back, say=_("Label %(name)s created.", name=label.name))


@bp.get("/<number:label>")
def show(project: ProjectRow, label: int) -> Reply[LabelOut]:
    """One label. A browser is shown the issues that carry it."""
    existing = labels.get(project, label)
    return Done(existing, at=url_for("issues.index", project=project.key, label=existing.name))


@bp.page("/<number:label>/edit")
def edit(project: ProjectRow, label: int, by: Viewer) -> Page:
    """The form that changes a label."""
    labels.require_manage(project, by)
    existing = labels.get(project, label)
    return Page("labels/edit.html", project=project, label=existing, form=Form.of(existing))


@bp.patch("/<number:label>", form="edit")
def update(project: ProjectRow, label: int, body: LabelEdit, by: Viewer) -> Reply[LabelOut]:
    """Change a label."""
    return Done(labels.edit(project, label, body, by=by), at=url_for(".index", project=project.key), say=_("Saved."))


@bp.page("/<number:label>/merge")
def confirm_merge(project: ProjectRow, label: int, by: Viewer) -> Page:
    """Asks for the label that shall take this one's place."""
    labels.require_manage(project, by)
    existing = labels.get(project, label)
    form = Form.of()
    offer = picks.offers(project, form, "into")["into"].without(existing.id)
    return Page("labels/merge.html", project=project, label=existing, offer=offer, form=form)


@bp.post("/<number:label>/merge", form="confirm_merge")
def merge(project: ProjectRow, label: int, body: MergeIn, by: Viewer) -> Reply[LabelOut]:
    """Give all issues of a label another one instead, and delete it. Answers the other one."""
    target = labels.merge(project, label, body, by=by)
    return Done(target, at=url_for(".index", project=project.key), say=_("Merged into %(name)s.", name=target.name))


@bp.page("/<number:label>/delete")
def confirm_remove(project: ProjectRow, label: int, by: Viewer) -> Page:
    """Asks before a label is deleted."""
    labels.require_manage(project, by)
    return Page("labels/delete.html", project=project, label=labels.get(project, label))


@bp.delete("/<number:label>")
def remove(project: ProjectRow, label: int, by: Viewer) -> Reply[None]:
    """Delete a label, and take it from every issue that carries it."""
    labels.remove(project, label, by=by)
    return Done(None, at=url_for(".index", project=project.key), say=_("Label deleted."))


def _listed(project: ProjectRow) -> Page:
    listed = labels.of(project)
    return Page("labels/list.html", whole(listed), project=project, labels=listed, form=Form.of())
