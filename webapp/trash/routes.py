from flask import url_for

from webapp.comments import removal as comments
from webapp.comments.schemas import CommentOut
from webapp.http import Done, Feature, Page, Reply, me
from webapp.http.canonical import project_at, project_for
from webapp.issues import removal
from webapp.issues import service as issues
from webapp.issues.schemas import IssueOut
from webapp.trash import service as trash
from webapp.trash.schemas import TrashedOut, TrashQuery
from webapp.types import Slice

bp = Feature("trash", "/projects/<project:project>")


@bp.get("/trash")
def index(project: str, query: TrashQuery) -> Reply[Slice[TrashedOut]]:
    """What was deleted in a project in the last 30 days: issues, and comments on the issues that are there."""
    found = project_at(project)
    page = trash.listing(found, query, me())
    page.next = page.after and url_for(".index", project=found.key, limit=query.limit, cursor=page.after)
    return Page("trash/list.html", page, page=page, project=found)


@bp.post("/issues/<number:number>/restoration")
def restore_issue(project: str, number: int) -> Reply[IssueOut]:
    """Restore a deleted issue, with its comments and labels."""
    found = project_for(project)
    issue = removal.restore(found, number, by=me())
    at = url_for("issues.show", project=found.key, number=number)
    return Done(issue, at=at, say=f"{issue.key} is restored.")


@bp.post("/issues/<number:number>/comments/<number:comment>/restoration")
def restore_comment(project: str, number: int, comment: int) -> Reply[CommentOut]:
    """Restore a deleted comment. Who deleted their own may do so for an hour, maintainers for 30 days."""
    found = project_for(project)
    restored = comments.restore(found, issues.get(found, number, me()), comment, by=me())
    at = url_for("issues.show", project=found.key, number=number, _anchor=f"c{comment}")
    return Done(restored, at=at, say="The comment is restored.")
