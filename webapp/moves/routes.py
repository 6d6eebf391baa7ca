from collections.abc import Sequence

from flask import url_for

from webapp.access import Viewer
from webapp.editing import moving
from webapp.editing import service as changes
from webapp.editing.moving import MovedIssue
from webapp.editing.notice import button
from webapp.editing.targets import require_move
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.i18n import _
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.moves.schemas import ManyQuery, MovedOut, MoveIn, MoveQuery, TargetOut
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.types import Slice
from webapp.visibility import service as visibility
from webapp.visibility.agreeing import unseen
from webapp.visibility.rows import Reveal

bp = Feature("moves", "/projects/<project:project>/issues")


@bp.get("/<number:number>/move")
def form(project: ProjectRow, issue: IssueDetail, query: MoveQuery, by: Viewer) -> Reply[Slice[TargetOut]]:
    """Where an issue can go, and what it would leave behind. A browser gets the form that takes it there."""
    return _form(project, issue, by, query.project)


@bp.post("/<number:number>/move", form="form")
def move(project: ProjectRow, number: int, body: MoveIn, by: Viewer) -> Reply[MovedOut]:
    """Take an issue to another project. Its old number goes on leading to it."""
    if reveals := unseen(lambda: visibility.if_taken(project, number, body.project, by)):
        return _form(project, issues.get(project, number, by), by, reveals=reveals)
    issue = moving.move_one(project, number, body.project, by)
    at = url_for("issues.show", project=issue.project_key, number=issue.number)
    return Done(
        issue, at=at, say=_notice(issue), undo=lambda: button(issue.project_key, issue.number, issue.change_id)
    )


@bp.get("/move")
def many(project: ProjectRow, query: ManyQuery, by: Viewer) -> Reply[Slice[TargetOut]]:
    """Where many issues can go, and what they would leave behind together. A browser gets the form for many."""
    require_move(project, by)
    ways = changes.ways(project, query.q, query.numbers or None, by, query.project)
    return Done(whole(ways), at=url_for("bulk.form", project=project.key, q=query.q, numbers=query.numbers))


def _form(
    project: ProjectRow, issue: IssueDetail, by: Viewer, ref: str | None = None, reveals: Sequence[Reveal] = ()
) -> Page:
    ways = moving.ways_of_one(project, issue, by, ref)
    about = {"project": project, "issue": issue, "ways": ways, "reveals": reveals}
    return Page("moves/form.html", whole(ways), **about, form=Form.of())


def _notice(issue: MovedIssue) -> str:
    if issue.left_behind:
        return _("This is %(key)s now. Left behind: %(things)s.", key=issue.key, things=issue.left_behind.in_words())
    return _("This is %(key)s now.", key=issue.key)
