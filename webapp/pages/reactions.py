from flask import url_for

from webapp.access import Viewer
from webapp.comments import service as comments
from webapp.http import Done, Feature, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.issues.feelings import FEELINGS
from webapp.issues.rows import IssueDetail
from webapp.pages.comments import place
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.reactions import service as reactions
from webapp.reactions.schemas import ReactionOut
from webapp.reactions.service import Feeling
from webapp.types import Slice

bp = Feature("reactions", "/projects/<project:project>/issues/<number:number>")

NAME = f"<choice({', '.join(map(repr, FEELINGS))}):reaction>"


@bp.get("/reactions")
def of_issue(project: ProjectRow, issue: IssueDetail, by: Viewer | None) -> Reply[Slice[ReactionOut]]:
    """How people react to an issue. A browser is shown the issue's page."""
    return _listed(project, issue, None, by)


@bp.get(f"/reactions/{NAME}")
def show(project: ProjectRow, issue: IssueDetail, reaction: str, by: Viewer | None) -> Reply[ReactionOut]:
    """Who reacts to an issue in one way. A browser is shown the issue's page."""
    return _one(project, issue, None, reaction, by)


@bp.put(f"/reactions/{NAME}")
def react(project: ProjectRow, issue: IssueDetail, reaction: str, by: Viewer) -> Reply[ReactionOut]:
    """React to an issue. Nobody gets a mail, and twice is once."""
    felt = reactions.react(project, issue, None, Feeling(reaction), by=by)
    return Done(felt, at=_at(project, issue, None))


@bp.delete(f"/reactions/{NAME}")
def take_back(project: ProjectRow, issue: IssueDetail, reaction: str, by: Viewer) -> Reply[None]:
    """Take back a reaction of yours to an issue."""
    reactions.take_back(project, issue, None, Feeling(reaction), by=by)
    return Done(None, at=_at(project, issue, None))


@bp.get("/comments/<number:comment>/reactions")
def of_comment(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer | None) -> Reply[Slice[ReactionOut]]:
    """How people react to a comment. A browser is shown its place on the issue's page."""
    return _listed(project, issue, comment, by)


@bp.get(f"/comments/<number:comment>/reactions/{NAME}")
def show_of_comment(
    project: ProjectRow, issue: IssueDetail, comment: int, reaction: str, by: Viewer | None
) -> Reply[ReactionOut]:
    """Who reacts to a comment in one way. A browser is shown its place on the issue's page."""
    return _one(project, issue, comment, reaction, by)


@bp.put(f"/comments/<number:comment>/reactions/{NAME}")
def react_to_comment(
    project: ProjectRow, issue: IssueDetail, comment: int, reaction: str, by: Viewer
) -> Reply[ReactionOut]:
    """React to a comment. Nobody gets a mail, and twice is once."""
    felt = reactions.react(project, issue, comment, Feeling(reaction), by=by)
    return Done(felt, at=_at(project, issue, comment))


@bp.delete(f"/comments/<number:comment>/reactions/{NAME}")
def take_back_from_comment(
    project: ProjectRow, issue: IssueDetail, comment: int, reaction: str, by: Viewer
) -> Reply[None]:
    """Take back a reaction of yours to a comment."""
    reactions.take_back(project, issue, comment, Feeling(reaction), by=by)
    return Done(None, at=_at(project, issue, comment))


def _listed(
    project: ProjectRow, issue: IssueDetail, comment: int | None, by: Viewer | None
) -> Reply[Slice[ReactionOut]]:
    felt = reactions.listed(project, issue, comment, by)
    return Done(None, at=_at(project, issue, comment)) if wants_page() else Page("", whole(felt))


def _one(
    project: ProjectRow, issue: IssueDetail, comment: int | None, reaction: str, by: Viewer | None
) -> Reply[ReactionOut]:
    felt = reactions.one(project, issue, comment, Feeling(reaction), by)
    return Done(felt, at=_at(project, issue, comment))


def _at(project: ProjectRow, issue: IssueDetail, comment: int | None) -> str:
    """Where whoever pressed comes back to: what they pressed at."""
    if comment is not None:
        return place(issue, comments.get(project, issue, comment)) if wants_page() else ""
    return url_for("issues.show", project=issue.project_key, number=issue.number, _anchor="reactions")
