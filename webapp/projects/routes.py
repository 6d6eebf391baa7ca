from typing import Any

from flask import url_for

from webapp.charts import routes as charts
from webapp.http import Done, Feature, Form, Made, Page, Reply, me, merging, viewer
from webapp.http.canonical import project_at, project_for
from webapp.http.conditions import expected_version
from webapp.http.merging import Way
from webapp.http.negotiation import wants_page
from webapp.http.pages import kept
from webapp.issues import service as issues
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectEdit, ProjectIn, ProjectOut, ProjectQuery, ProjectRemovalIn
from webapp.references import service as references
from webapp.text.markdown import render
from webapp.types import Slice

bp = Feature("projects", "/projects")

# Days in the chart of the overview.
RECENT = 91
ARCHIVED = 20  # so many are shown after the others


@bp.get("")
def index(query: ProjectQuery) -> Reply[Slice[ProjectOut]]:
    """The projects that you may see."""
    page = projects.listing(query, viewer())
    said = query.model_dump(exclude_defaults=True, exclude={"cursor"})
    page.next = page.after and url_for(".index", **said, cursor=page.after)
    page.previous = page.before and url_for(".index", **said, cursor=page.before)
    at_the_end = not query.archived and not page.next
    return Page(
        "projects/list.html",
        page,
        page=page,
        query=query,
        archived=lambda: projects.archived(viewer(), ARCHIVED) if at_the_end else [],
    )


@bp.page("/new")
def new() -> Page:
    """The form for a new project."""
    me()
    return Page("projects/new.html", form=Form.of())


@bp.post("", form="new", creates=True)
def create(body: ProjectIn) -> Reply[ProjectOut]:
    """Create a project owned by the caller."""
    project = projects.create(body, by=me())
    return Made(project, at=url_for(".show", project=project.key), say="Project created.")


@bp.get("/<project:project>")
def show(project: str) -> Reply[ProjectOut]:
    """One project."""
    found = project_at(project)
    return kept(found, lambda: _shown(found))


@bp.page("/<project:project>/edit")
def edit(project: str) -> Page:
    """The project's settings."""
    me()
    found = project_at(project)
    projects.require_edit(found, me())
    return Page("projects/edit.html", project=found, form=Form.of(_fields(found)))


@bp.patch("/<project:project>", form="edit")
def update(project: str, body: ProjectEdit) -> Reply[ProjectOut]:
    """Change a project. Fields that are not sent stay."""
    if merging.way() == Way.THEIRS:
        return Done(project_for(project), at=url_for(".show", project=project), say="Your changes are discarded.")
    changed = merging.save(
        body,
        lambda changes: projects.edit(project_for(project), changes, by=me()),
        now=lambda: _fields(projects.get(project, me())),
    )
    return Done(changed, at=url_for(".show", project=changed.key), say="Saved.")


@bp.post("/<project:project>/archive")
def archive(project: str) -> Reply[ProjectOut]:
    """Archive a project: it can be read, not changed."""
    archived = projects.archive(project_for(project), by=me())
    return Done(archived, at=url_for(".show", project=archived.key), say=f"{archived.name} is archived.")


@bp.delete("/<project:project>/archive")
def restore(project: str) -> Reply[ProjectOut]:
    """Take a project back from the archive."""
    restored = projects.restore(project_for(project), by=me())
    return Done(restored, at=url_for(".show", project=restored.key), say=f"{restored.name} is back in use.")


@bp.page("/<project:project>/delete")
def confirm_remove(project: str) -> Page:
    """Asks before a project is deleted."""
    me()
    found = project_at(project)
    projects.require_removal(found, me())
    return Page("projects/delete.html", project=found, form=Form.of())


@bp.delete("/<project:project>", form="confirm_remove")
def remove(project: str, body: ProjectRemovalIn) -> Reply[None]:
    """Delete a project with everything in it."""
    found = project_for(project)
    if wants_page():  # a page's form must say it; a client's DELETE is explicit enough
        body.confirm = body.confirm or ""
    projects.remove(found, body, by=me(), version=expected_version())
    return Done(None, at=url_for(".index"), say=f"{found.name} is deleted.")


def _shown(found: projects.ProjectRow) -> Page:
    return Page(
        "projects/show.html",
        found,
        project=found,
        description_html=lambda: render(found.description, references.links_for(found.description, found, viewer())),
        recent=lambda: issues.latest(found, viewer()),
        chart=lambda: charts.traffic(found, RECENT),
    )


def _fields(project: projects.ProjectRow) -> dict[str, Any]:
    """A project as the values of its form."""
    return {name: getattr(project, name) for name in ("name", "key", "description", "visibility", "version")}
