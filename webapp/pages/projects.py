from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.charts import routes as charts
from webapp.charts import service as glances
from webapp.http import Done, Feature, Form, Made, Page, Reply, identity, merging
from webapp.http.conditions import expected_version
from webapp.http.merging import Way
from webapp.http.negotiation import wants_page
from webapp.http.pages import kept
from webapp.i18n import _
from webapp.lists import service as lists
from webapp.moderation import service as moderation
from webapp.projects import service as projects
from webapp.projects import steps
from webapp.projects.schemas import ProjectEdit, ProjectIn, ProjectOut, ProjectQuery, ProjectRemovalIn
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.types import Slice
from webapp.visibility import service as visibility
from webapp.visibility.agreeing import unseen
from webapp.visibility.rows import Reveal
from webapp.watching import service as watching

bp = Feature("projects", "/projects")

# What the settings have.
_FIELDS = ("name", "key", "description", "visibility", "private_role", "version")
# Days in the chart of the overview.
RECENT = 91
ARCHIVED = 20  # so many are shown after the others


@bp.get("")
def index(query: ProjectQuery, by: Viewer | None) -> Reply[Slice[ProjectOut]]:
    """The projects that you may see."""
    page = projects.listing(query, by)
    params = query.model_dump(exclude_defaults=True, exclude={"cursor"})
    page.next = page.after and url_for(".index", **params, cursor=page.after)
    page.previous = page.before and url_for(".index", **params, cursor=page.before)
    at_the_end = not query.archived and not page.next
    return Page(
        "projects/list.html",
        page,
        page=page,
        query=query,
        archived=lambda: projects.archived(by, ARCHIVED) if at_the_end else [],
    )


@bp.page("/new")
def new(by: Viewer) -> Page:
    """The form for a new project."""
    return Page("projects/new.html", form=Form.of(), is_first=projects.is_in_none(by))


@bp.post("", form="new", creates=True, spends="project")
def create(body: ProjectIn, by: Viewer) -> Reply[ProjectOut]:
    """Create a project owned by the caller."""
    is_first = wants_page() and projects.is_in_none(by)
    project = projects.create(body, by=by)
    back = steps.to_issue(project) if is_first else ""
    return Made(project, at=url_for(".show", project=project.key), back=back, say=_("Project created."))


@bp.get("/<project:project>")
def show(project: ProjectRow, by: Viewer | None) -> Reply[ProjectOut]:
    """One project."""
    return kept(project, lambda: _shown(project, by=by))


@bp.page("/<project:project>/edit")
def edit(project: ProjectRow, by: Viewer) -> Page:
    """The project's settings."""
    return _edit(project, by)


@bp.patch("/<project:project>", form="edit")
def update(project: ProjectRow, body: ProjectEdit, by: Viewer) -> Reply[ProjectOut]:
    """Change a project. Fields that are not sent stay."""
    if projects.lets_others_in(project, body):
        identity.require_fresh()
    if merging.way() == Way.THEIRS:
        return Done(project, at=url_for(".show", project=project.key), say=_("Your changes are discarded."))
    if reveals := unseen(lambda: visibility.if_edited(project, body.visibility, body.private_role)):
        return _edit(project, by, reveals=reveals)
    changed = merging.save(
        body,
        lambda changes: projects.edit(project, changes, by=by),
        now=lambda: _fields(projects.get(project.key, by)),
    )
    return Done(changed, at=url_for(".show", project=changed.key), say=_("Saved."))


@bp.post("/<project:project>/archive")
def archive(project: ProjectRow, by: Viewer) -> Reply[ProjectOut]:
    """Archive a project: it can be read, not changed."""
    archived = projects.archive(project, by=by)
    return Done(
        archived, at=url_for(".show", project=archived.key), say=_("%(name)s is archived.", name=archived.name)
    )


@bp.delete("/<project:project>/archive")
def restore(project: ProjectRow, by: Viewer) -> Reply[ProjectOut]:
    """Take a project back from the archive."""
    restored = projects.restore(project, by=by)
    return Done(
        restored, at=url_for(".show", project=restored.key), say=_("%(name)s is back in use.", name=restored.name)
    )


@bp.page("/<project:project>/delete")
def confirm_remove(project: ProjectRow, by: Viewer) -> Page:
    """Asks before a project is deleted."""
    projects.require_removal(project, by)
    return Page("projects/delete.html", project=project, form=Form.of())


@bp.delete("/<project:project>", form="confirm_remove")
def remove(project: ProjectRow, body: ProjectRemovalIn, by: Viewer) -> Reply[None]:
    """Delete a project with everything in it."""
    if wants_page():  # a page's form must say it; a client's DELETE is explicit enough
        body.confirm = body.confirm or ""
    projects.remove(project, body, by=by, version=expected_version())
    return Done(None, at=url_for(".index"), say=_("%(name)s is deleted.", name=project.name))


class _Overview:
    """What a project's page tells at a glance: looked up once, and for pages alone."""

    def __init__(self, project: ProjectRow, by: Viewer | None) -> None:
        self._project, self._by = project, by

    @cached_property
    def glance(self) -> glances.Glance:
        return glances.glance(self._project, RECENT, self._by)


def _shown(project: projects.ProjectRow, by: Viewer | None) -> Page:
    overview = _Overview(project, by)
    return Page(
        "projects/show.html",
        project,
        project=project,
        description_html=lambda: references.told(project.description, project, by),
        bell=lambda: watching.of_project(project) if by else None,
        recent=lambda: lists.latest(project, by),
        waiting=lambda: moderation.count(project, by),
        glance=lambda: overview.glance,
        chart=lambda: charts.traffic(project, overview.glance.traffic),
    )


def _edit(project: ProjectRow, by: Viewer, reveals: Sequence[Reveal] = ()) -> Page:
    projects.require_edit(project, by)
    return Page("projects/edit.html", project=project, form=Form.of(_fields(project)), reveals=reveals)


def _fields(project: projects.ProjectRow) -> dict[str, Any]:
    """A project as the values of its form."""
    return {name: getattr(project, name) for name in _FIELDS}
