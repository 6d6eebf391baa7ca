from dataclasses import replace
from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.charts import presenting
from webapp.charts import service as charts
from webapp.charts.drawing import Chart
from webapp.charts.routes import to_list
from webapp.http import Done, Feature, Form, Made, Page, Reply, merging
from webapp.http.conditions import expected_version
from webapp.http.merging import Way
from webapp.http.negotiation import wants_page
from webapp.http.notices import Undo
from webapp.http.pages import kept
from webapp.i18n import _
from webapp.issues.schemas import IssueQuery
from webapp.lists import service as lists
from webapp.milestones import service as milestones
from webapp.milestones.schemas import MilestoneEdit, MilestoneIn, MilestoneOut, MilestoneQuery
from webapp.paging import whole
from webapp.picking import picks
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.types import Slice

bp = Feature("milestones", "/projects/<project:project>/milestones")

SHOWN = 20  # of its open issues, and as many of its closed ones


@bp.get("")
def index(project: ProjectRow, query: MilestoneQuery) -> Reply[Slice[MilestoneOut]]:
    """The milestones of a project, open ones and the next one due first."""
    return kept(project, lambda: _listed(project, query))


@bp.page("/new")
def new(project: ProjectRow, by: Viewer) -> Page:
    """The form for a new milestone."""
    milestones.require_manage(project, by)
    return Page("milestones/new.html", project=project, form=Form.of())


@bp.post("", form="new", creates=True)
def create(project: ProjectRow, body: MilestoneIn, by: Viewer) -> Reply[MilestoneOut]:
    """Add a milestone."""
    milestone = milestones.create(project, body, by=by)
    at = url_for(".show", project=project.key, milestone=milestone.id)
    return Made(milestone, at=at, say=_("Milestone %(title)s created.", title=milestone.title))


@bp.get("/<number:milestone>")
def show(project: ProjectRow, milestone: int, by: Viewer | None) -> Reply[MilestoneOut]:
    """One milestone. Its page also shows its latest issues."""
    return kept(project, lambda: _shown(project, milestone, by=by))


@bp.page("/<number:milestone>/edit")
def edit(project: ProjectRow, milestone: int, by: Viewer) -> Page:
    """The form that changes a milestone, closes it or opens it again."""
    return _page("milestones/edit.html", project, milestone, by=by)


@bp.patch("/<number:milestone>", form="edit")
def update(project: ProjectRow, milestone: int, body: MilestoneEdit, by: Viewer) -> Reply[MilestoneOut]:
    """Change a milestone; `state` closes it or opens it again."""
    at = url_for(".show", project=project.key, milestone=milestone)
    if merging.way() == Way.THEIRS:
        return Done(milestones.get(project, milestone), at=at, say=_("Your changes are discarded."))
    changed = merging.save(
        body,
        lambda changes: milestones.edit(project, milestone, changes, by=by),
        now=lambda: _fields(milestones.get(project, milestone)),
    )
    return Done(changed.milestone, at=at, say=_notice(changed), undo=lambda: _undo_of(project, changed))


@bp.page("/<number:milestone>/delete")
def confirm_remove(project: ProjectRow, milestone: int, by: Viewer) -> Page:
    """Asks before a milestone is deleted."""
    return _page("milestones/delete.html", project, milestone, by=by)


@bp.delete("/<number:milestone>")
def remove(project: ProjectRow, milestone: int, by: Viewer) -> Reply[None]:
    """Delete a milestone. Its issues stay."""
    milestones.remove(project, milestone, by=by, version=expected_version())
    return Done(None, at=url_for(".index", project=project.key), say=_("Milestone deleted."))


def _notice(changed: milestones.Edited) -> str:
    return _("Saved.") if changed.change_id is None else _("Closed. Its open issues went on.")


def _undo_of(project: ProjectRow, changed: milestones.Edited) -> Undo | None:
    """Lets the issues come back, all at once."""
    return Undo(url_for("bulk.undo", project=project.key), str(changed.change_id)) if changed.change_id else None


def _listed(project: ProjectRow, query: MilestoneQuery) -> Page:
    if wants_page() and not query.model_fields_set:
        query = MilestoneQuery(state="open")
    listed = milestones.listing(project, query.state)
    return Page("milestones/list.html", whole(listed), project=project, milestones=listed, query=query)


def _shown(project: ProjectRow, milestone: int, by: Viewer | None) -> Page:
    row = milestones.get(project, milestone)
    return Page(
        "milestones/show.html",
        row,
        project=project,
        milestone=row,
        description_html=lambda: references.told(row.description, project, by),
        open_issues=lambda: _issues(project, row.id, "open", by=by),
        closed_issues=lambda: _issues(project, row.id, "closed", by=by),
        burn_up=lambda: _burn_up(project, row, by=by),
    )


def _page(template: str, project: ProjectRow, milestone: int, by: Viewer) -> Page:
    milestones.require_manage(project, by)
    row: Any = milestones.get(project, milestone)
    form = Form.of(_fields(row))
    offer = picks.offers(project, form, "move_to")["move_to"].without(row.id)
    return Page(template, project=project, milestone=row, offer=offer, form=form)


def _fields(milestone: Any) -> dict[str, Any]:
    """A milestone as the values of its form."""
    return {name: getattr(milestone, name) for name in ("title", "due_on", "description", "version")}


def _issues(project: projects.ProjectRow, milestone: int, state: Any, by: Viewer | None) -> Any:
    query = IssueQuery(state=state, milestone=milestone, sort="updated-desc", limit=SHOWN)
    # Each row would else name what the page is about.
    return [replace(issue, milestone=None) for issue in lists.listing(project, query, by)[0].items]


def _burn_up(project: ProjectRow, milestone: milestones.MilestoneRow, by: Viewer | None) -> Chart | None:
    numbers = charts.burn_up(project, milestone, by)
    return presenting.burn_up(numbers, milestone.title, to_list(project)) if numbers else None
