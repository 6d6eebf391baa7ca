from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.i18n import _
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses
from webapp.statuses.schemas import StatusEdit, StatusIn, StatusOut, StatusRemovalIn
from webapp.types import Slice

bp = Feature("statuses", "/projects/<project:project>/statuses")


@bp.get("")
def index(project: ProjectRow) -> Reply[Slice[StatusOut]]:
    """The statuses of a project, in their order."""
    listed = statuses.of(project)
    return Page("statuses/list.html", whole(listed), project=project, statuses=listed, form=Form.of())


@bp.post("", form="index", creates=True)
def create(project: ProjectRow, body: StatusIn, by: Viewer) -> Reply[StatusOut]:
    """Add a status."""
    status = statuses.create(project, body, by=by)
    at = url_for(".show", project=project.key, status=status.id)
    return Made(
        status,
        at=at,
        back=url_for(".index", project=project.key),
        say=_("Status %(name)s created.", name=status.name),
    )


@bp.get("/<number:status>")
def show(project: ProjectRow, status: int) -> Reply[StatusOut]:
    """One status. A browser is shown the issues that have it."""
    existing = statuses.get(project, status)
    return Done(existing, at=url_for("issues.index", project=project.key, status=existing.name, state="all"))


@bp.page("/<number:status>/edit")
def edit(project: ProjectRow, status: int, by: Viewer) -> Page:
    """The form that changes a status."""
    return _page("statuses/edit.html", project, status, by=by)


@bp.patch("/<number:status>", form="edit")
def update(project: ProjectRow, status: int, body: StatusEdit, by: Viewer) -> Reply[StatusOut]:
    """Change a status, or its place in the order."""
    return Done(
        statuses.edit(project, status, body, by=by), at=url_for(".index", project=project.key), say=_("Saved.")
    )


@bp.page("/<number:status>/delete")
def confirm_remove(project: ProjectRow, status: int, by: Viewer) -> Page:
    """Asks before a status is deleted, and which one its issues get."""
    return _page("statuses/delete.html", project, status, by=by)


@bp.delete("/<number:status>", form="confirm_remove")
def remove(project: ProjectRow, status: int, body: StatusRemovalIn, by: Viewer) -> Reply[None]:
    """Delete a status. Its issues get the one named by `to`."""
    statuses.remove(project, status, body, by=by)
    return Done(None, at=url_for(".index", project=project.key), say=_("Status deleted."))


def _page(template: str, project: ProjectRow, status_id: int, by: Viewer) -> Page:
    statuses.require_manage(project, by)
    listed = statuses.of(project)
    status: Any = statuses.get(project, status_id)
    return Page(template, project=project, status=status, statuses=listed, form=Form.of(status))
