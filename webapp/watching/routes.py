from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.http.negotiation import referrer
from webapp.i18n import N_, _
from webapp.projects.service import ProjectRow
from webapp.views import bar
from webapp.watching import matching
from webapp.watching import service as watching
from webapp.watching.rows import Bell
from webapp.watching.schemas import IssueWatchIn, IssueWatchOut, ProjectWatchIn, ProjectWatchOut, ViewWatchOut

bp = Feature("watching", "/projects/<project:project>")

SAID = {
    "all": N_("You hear of everything here."),
    "new": N_("You hear of new issues, and of what you take part in."),
    "participating": N_("You hear of what you take part in."),
    "nothing": N_("You hear nothing of this any more."),
}


@bp.get("/watch", form="of_project")
def of_project(project: ProjectRow, by: Viewer) -> Reply[ProjectWatchOut]:
    """How much of a project you hear."""
    bell = watching.of_project(project)
    return Page("watching/project.html", bell, project=project, bell=bell, form=lambda: _form(bell))


@bp.put("/watch", form="of_project")
def choose(project: ProjectRow, body: ProjectWatchIn, by: Viewer) -> Reply[ProjectWatchOut]:
    """Choose how much of a project you want to hear."""
    bell = watching.choose(project, body.level, by=by)
    return Done(bell, at=url_for("projects.show", project=project.key), say=_(SAID[bell.level]))


@bp.delete("/watch")
def forget(project: ProjectRow, by: Viewer) -> Reply[None]:
    """Hear of a project what everybody hears who chose nothing: of what you take part in."""
    bell = watching.choose(project, None, by=by)
    return Done(None, at=url_for("projects.show", project=project.key), say=_(SAID[bell.level]))


@bp.get("/issues/<number:number>/watch", form="of_issue")
def of_issue(project: ProjectRow, number: int, by: Viewer) -> Reply[IssueWatchOut]:
    """How much of an issue you hear, and why."""
    issue, bell = watching.look(project, number, by)
    return Page("watching/issue.html", bell, project=project, issue=issue, bell=bell, form=lambda: _form(bell))


@bp.put("/issues/<number:number>/watch", form="of_issue")
def choose_of_issue(project: ProjectRow, number: int, body: IssueWatchIn, by: Viewer) -> Reply[IssueWatchOut]:
    """Choose how much of an issue you want to hear. This goes before what you chose for its project."""
    bell = watching.choose_of_issue(project, number, body.level, by=by)
    return Done(bell, at=url_for("issues.show", project=project.key, number=number), say=_(SAID[bell.level]))


@bp.delete("/issues/<number:number>/watch")
def forget_of_issue(project: ProjectRow, number: int, by: Viewer) -> Reply[None]:
    """Hear as much of an issue as of others of its project."""
    bell = watching.choose_of_issue(project, number, None, by=by)
    return Done(None, at=url_for("issues.show", project=project.key, number=number), say=_(SAID[bell.level]))


@bp.get("/views/<number:view>/watch")
def of_view(project: ProjectRow, view: int, by: Viewer) -> Reply[ViewWatchOut]:
    """Whether you hear when an issue begins to match a view. A browser is shown the view."""
    bell = matching.of_view(project, view, by)
    return Done(bell, at=bar.to(project, "show", view=view))


@bp.put("/views/<number:view>/watch")
def watch_view(project: ProjectRow, view: int, by: Viewer) -> Reply[ViewWatchOut]:
    """Hear when an issue begins to match a view, by a change of that issue."""
    bell = matching.watch(project, view, by=by)
    return Done(bell, at=_back(project, view), say=_("You will hear when an issue begins to match this."))


@bp.delete("/views/<number:view>/watch")
def leave_view(project: ProjectRow, view: int, by: Viewer) -> Reply[None]:
    """Hear no more of what begins to match a view."""
    matching.leave(project, view, by=by)
    return Done(None, at=_back(project, view), say=_("You hear no more of this view."))


def _back(project: ProjectRow, view: int) -> str:
    """The list of views, if the button stood there; else the view."""
    came, at = referrer(), bar.to(project, "index")
    return at if came is not None and came.path == at else bar.to(project, "show", view=view)


def _form(bell: Bell) -> Form:
    return Form.of({"level": bell.level})
