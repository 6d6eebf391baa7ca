from typing import Any

from flask import url_for

from webapp.charts import presenting
from webapp.charts import service as charts
from webapp.charts.drawing import Chart
from webapp.charts.routes import to_list
from webapp.http import Done, Feature, Form, Made, Page, Reply, me, merging, picks, viewer
from webapp.http.canonical import project_at, project_for
from webapp.http.conditions import expected_version
from webapp.http.merging import Way
from webapp.http.pages import kept
from webapp.issues import finding
from webapp.issues.schemas import IssueQuery
from webapp.milestones import service as milestones
from webapp.milestones.schemas import MilestoneEdit, MilestoneIn, MilestoneOut, MilestoneQuery
from webapp.paging import whole
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.text.markdown import render
from webapp.types import Slice

bp = Feature("milestones", "/projects/<project:project>/milestones")


@bp.get("")
def index(project: str, query: MilestoneQuery) -> Reply[Slice[MilestoneOut]]:
    """The milestones of a project, open ones and the next one due first."""
    found = project_at(project)
    return kept(found, lambda: _listed(found, query))


@bp.page("/new")
def new(project: str) -> Page:
    """The form for a new milestone."""
    found = project_at(project)
    milestones.require_manage(found, me())
    return Page("milestones/new.html", project=found, form=Form.of())


@bp.post("", form="new", creates=True)
def create(project: str, body: MilestoneIn) -> Reply[MilestoneOut]:
    """Add a milestone."""
    found = project_for(project)
    milestone = milestones.create(found, body, by=me())
    at = url_for(".show", project=found.key, milestone=milestone.id)
    return Made(milestone, at=at, say=f"Milestone {milestone.title} created.")


@bp.get("/<number:milestone>")
def show(project: str, milestone: int) -> Reply[MilestoneOut]:
    """One milestone. Its page also shows its latest issues."""
    found = project_at(project)
    return kept(found, lambda: _shown(found, milestone))


@bp.page("/<number:milestone>/edit")
def edit(project: str, milestone: int) -> Page:
    """The form that changes a milestone, closes it or opens it again."""
    return _page("milestones/edit.html", project, milestone)


@bp.patch("/<number:milestone>", form="edit")
def update(project: str, milestone: int, body: MilestoneEdit) -> Reply[MilestoneOut]:
    """Change a milestone; `state` closes it or opens it again."""
    found = project_for(project)
    at = url_for(".show", project=found.key, milestone=milestone)
    if merging.way() == Way.THEIRS:
        return Done(milestones.get(found, milestone), at=at, say="Your changes are discarded.")
    changed = merging.save(
        body,
        lambda changes: milestones.edit(found, milestone, changes, by=me()),
        now=lambda: _fields(milestones.get(found, milestone)),
    )
    return Done(changed, at=at, say="Saved.")


@bp.page("/<number:milestone>/delete")
def confirm_remove(project: str, milestone: int) -> Page:
    """Asks before a milestone is deleted."""
    return _page("milestones/delete.html", project, milestone)


@bp.delete("/<number:milestone>")
def remove(project: str, milestone: int) -> Reply[None]:
    """Delete a milestone. Its issues stay."""
    found = project_for(project)
    milestones.remove(found, milestone, by=me(), version=expected_version())
    return Done(None, at=url_for(".index", project=found.key), say="Milestone deleted.")


def _listed(found: ProjectRow, query: MilestoneQuery) -> Page:
    listed = milestones.listing(found, query.state)
    return Page("milestones/list.html", whole(listed), project=found, milestones=listed, query=query)


def _shown(found: ProjectRow, milestone: int) -> Page:
    row = milestones.get(found, milestone)
    return Page(
        "milestones/show.html",
        row,
        project=found,
        milestone=row,
        description_html=lambda: render(row.description, references.links_for(row.description, found, viewer())),
        open_issues=lambda: _issues(found, row.id, "open"),
        closed_issues=lambda: _issues(found, row.id, "closed"),
        burn_up=lambda: _burn_up(found, row),
    )


def _page(template: str, project: str, milestone: int) -> Page:
    found = project_at(project)
    milestones.require_manage(found, me())
    row: Any = milestones.get(found, milestone)
    form = Form.of(_fields(row))
    offer = picks.offers(found, form, "move_to")["move_to"].without(row.id)
    return Page(template, project=found, milestone=row, offer=offer, form=form)


def _fields(milestone: Any) -> dict[str, Any]:
    """A milestone as the values of its form."""
    return {name: getattr(milestone, name) for name in ("title", "due_on", "description", "version")}


def _issues(project: projects.ProjectRow, milestone: int, state: Any) -> Any:
    query = IssueQuery(state=state, milestone=milestone, sort="updated-desc", limit=50)
    return finding.listing(project, query, viewer())[0].items


def _burn_up(project: ProjectRow, milestone: milestones.MilestoneRow) -> Chart | None:
    numbers = charts.burn_up(project, milestone, viewer())
    return presenting.burn_up(numbers, milestone.title, to_list(project)) if numbers else None
