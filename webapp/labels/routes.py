from flask import url_for

from webapp.http import Done, Feature, Form, Made, Page, Reply, me, picks
from webapp.http.canonical import project_at, project_for
from webapp.http.pages import kept
from webapp.labels import service as labels
from webapp.labels.schemas import LabelEdit, LabelIn, LabelOut, MergeIn
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("labels", "/projects/<project:project>/labels")


@bp.get("")
def index(project: str) -> Reply[Slice[LabelOut]]:
    """All labels of a project."""
    found = project_at(project)
    return kept(found, lambda: _listed(found))


@bp.post("", form="index", creates=True)
def create(project: str, body: LabelIn) -> Reply[LabelOut]:
    """Add a label."""
    found = project_for(project)
    label = labels.create(found, body, by=me())
    at = url_for(".show", project=found.key, label=label.id)
    back = url_for(".index", project=found.key)
    return Made(label, at=at, back=back, say=f"Label {label.name} created.")


@bp.get("/<number:label>")
def show(project: str, label: int) -> Reply[LabelOut]:
    """One label. A browser is shown the issues that carry it."""
    found = project_at(project)
    existing = labels.get(found, label)
    return Done(existing, at=url_for("issues.index", project=found.key, label=existing.name))


@bp.page("/<number:label>/edit")
def edit(project: str, label: int) -> Page:
    """The form that changes a label."""
    found = project_at(project)
    labels.require_manage(found, me())
    existing = labels.get(found, label)
    return Page("labels/edit.html", project=found, label=existing, form=Form.of(existing))


@bp.patch("/<number:label>", form="edit")
def update(project: str, label: int, body: LabelEdit) -> Reply[LabelOut]:
    """Change a label."""
    found = project_for(project)
    return Done(labels.edit(found, label, body, by=me()), at=url_for(".index", project=found.key), say="Saved.")


@bp.page("/<number:label>/merge")
def confirm_merge(project: str, label: int) -> Page:
    """Asks for the label that shall take this one's place."""
    found = project_at(project)
    labels.require_manage(found, me())
    existing = labels.get(found, label)
    form = Form.of()
    offer = picks.offers(found, form, "into")["into"].without(existing.id)
    return Page("labels/merge.html", project=found, label=existing, offer=offer, form=form)


@bp.post("/<number:label>/merge", form="confirm_merge")
def merge(project: str, label: int, body: MergeIn) -> Reply[LabelOut]:
    """Give all issues of a label another one instead, and delete it. Answers the other one."""
    found = project_for(project)
    target = labels.merge(found, label, body, by=me())
    return Done(target, at=url_for(".index", project=found.key), say=f"Merged into {target.name}.")


@bp.page("/<number:label>/delete")
def confirm_remove(project: str, label: int) -> Page:
    """Asks before a label is deleted."""
    found = project_at(project)
    labels.require_manage(found, me())
    return Page("labels/delete.html", project=found, label=labels.get(found, label))


@bp.delete("/<number:label>")
def remove(project: str, label: int) -> Reply[None]:
    """Delete a label, and take it from every issue that carries it."""
    found = project_for(project)
    labels.remove(found, label, by=me())
    return Done(None, at=url_for(".index", project=found.key), say="Label deleted.")


def _listed(found: ProjectRow) -> Page:
    listed = labels.of(found)
    return Page("labels/list.html", whole(listed), project=found, labels=listed, form=Form.of())
