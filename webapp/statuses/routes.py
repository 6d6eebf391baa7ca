from typing import Any

from flask import url_for

from webapp.http import Done, Feature, Form, Made, Page, Reply, me
from webapp.http.canonical import project_at, project_for
from webapp.paging import whole
from webapp.statuses import service as statuses
from webapp.statuses.schemas import StatusEdit, StatusIn, StatusOut, StatusRemovalIn
from webapp.types import Slice

bp = Feature("statuses", "/projects/<project:project>/statuses")


@bp.get("")
def index(project: str) -> Reply[Slice[StatusOut]]:
    """The statuses of a project, in their order."""
    found = project_at(project)
    listed = statuses.of(found)
    return Page("statuses/list.html", whole(listed), project=found, statuses=listed, form=Form.of())


@bp.post("", form="index", creates=True)
def create(project: str, body: StatusIn) -> Reply[StatusOut]:
    """Add a status."""
    found = project_for(project)
    status = statuses.create(found, body, by=me())
    at = url_for(".show", project=found.key, status=status.id)
    return Made(status, at=at, back=url_for(".index", project=found.key), say=f"Status {status.name} created.")


@bp.get("/<number:status>")
def show(project: str, status: int) -> Reply[StatusOut]:
    """One status. A browser is shown the issues that have it."""
    found = project_at(project)
    existing = statuses.get(found, status)
    return Done(existing, at=url_for("issues.index", project=found.key, status=existing.name, state="all"))


@bp.page("/<number:status>/edit")
def edit(project: str, status: int) -> Page:
    """The form that changes a status."""
    return _page("statuses/edit.html", project, status)


@bp.patch("/<number:status>", form="edit")
def update(project: str, status: int, body: StatusEdit) -> Reply[StatusOut]:
    """Change a status, or its place in the order."""
    found = project_for(project)
    return Done(statuses.edit(found, status, body, by=me()), at=url_for(".index", project=found.key), say="Saved.")


@bp.page("/<number:status>/delete")
def confirm_remove(project: str, status: int) -> Page:
    """Asks before a status is deleted, and which one its issues get."""
    return _page("statuses/delete.html", project, status)


@bp.delete("/<number:status>", form="confirm_remove")
def remove(project: str, status: int, body: StatusRemovalIn) -> Reply[None]:
    """Delete a status. Its issues get the one named by `to`."""
    found = project_for(project)
    statuses.remove(found, status, body, by=me())
    return Done(None, at=url_for(".index", project=found.key), say="Status deleted.")


def _page(template: str, project: str, status_id: int) -> Page:
    found = project_at(project)
    statuses.require_manage(found, me())
    listed = statuses.of(found)
    status: Any = statuses.get(found, status_id)
    return Page(template, project=found, status=status, statuses=listed, form=Form.of(status))
